"""Messages to the operator as signed HTTP requests, for chat bridges and programs of its own."""
