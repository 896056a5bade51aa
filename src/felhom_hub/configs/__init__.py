"""What the operator wants each box to run with, beyond who the customer is: the form, its rules, and its storing."""
