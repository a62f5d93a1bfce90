"""What speakers are told, and how they answer: letters, calendar files and a page, each in their own language."""
