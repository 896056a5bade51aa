from felhom_hub.customers.missing import no_such_customer


def test_it_says_why_and_that_nothing_was_changed() -> None:
    trouble = no_such_customer("There is no customer szabo")

    assert (trouble.status, trouble.title) == (404, "There is no such customer")
    assert trouble.sentence == "There is no customer szabo. It may have been deleted."
