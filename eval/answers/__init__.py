"""Questions of our own with what an answer must say, may never say, and must cite (issue 6, item 5)."""
