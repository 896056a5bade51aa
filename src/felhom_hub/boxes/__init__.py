"""What is done with a box: its configuration compared, pushed and pulled, its controller updated (contract 8 and 9)."""
