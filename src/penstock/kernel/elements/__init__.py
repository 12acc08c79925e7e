"""What each kind of element does: one file where semantics differ, and one table of all of them."""
