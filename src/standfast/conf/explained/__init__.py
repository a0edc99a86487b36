"""What each problem means and what to do about it, by its slug."""
