"""What knows no domain word: the guard, the writer, the SQL helper, secrets, errors, the page frame."""
