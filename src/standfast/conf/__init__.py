"""Text to model and back: lexer, preprocessor, keyword tree, build, problems."""
