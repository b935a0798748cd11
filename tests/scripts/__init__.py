"""What scripts add to pages, in a real browser, on pages made for the test."""
