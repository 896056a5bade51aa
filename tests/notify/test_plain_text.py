from dataclasses import replace

from tests.notify.situations import situation

from felhom_hub.notify.for_customer import customer_letter
from felhom_hub.notify.for_operator import operator_letter
from felhom_hub.notify.plain_text import WIDTH, text_of

# The signature's mark ends in a space, which stands here as ~.
OPERATOR = """\
ERROR: Kovács Péter: backup failed

restic: exit status 1

What was added since the last good backup has no copy.

Server:      Kovács Péter, Pécs (kovacs-peter)
When:        Mon 23 Nov 2026, 13:00 Budapest time
Address:     kovacs-peter.example.hu
Controller:  v0.30.1
Last backup: Sun 22 Nov 2026, 03:00
Phone:       +36 20 555 0142

Next steps

1. Read the message above; room and reach of the backup drive are the
   usual causes.
2. The next try runs in the coming night by itself.

Open Kovács Péter:
https://hub.example.hu/customers/kovacs-peter

--~
You get this because operator mail is on for warnings and errors.
At most one mail an hour for each customer and event type.
Why did I get this: https://hub.example.hu/why/48213
"""
CUSTOMER = """\
Nem készült el a biztonsági mentés

Kedves Kovács Péter!

Nem készült el a szervere biztonsági mentése.

A fájljai megvannak, a szolgáltatásai működnek. A legutóbbi sikeres
mentés óta feltöltött fájlokról azonban még nincs másolat.

Szerver:       kovacs-peter.example.hu
Időpont:       2026. november 23., hétfő 13:00
Utolsó mentés: 2026. november 22., vasárnap 03:00

Mit tehet most?

1. A szervere a következő éjjel magától újra megpróbálja a mentést.
2. Ha segítségre van szüksége, válaszoljon erre a levélre.

Üdvözlettel:
a Felhom csapata

--~
Ezt a levelet azért kapta, mert ez az értesítés be van kapcsolva a
szerverén.
A szervere kezelőfelületén, a Beállítások, Értesítések oldalon bármikor
kikapcsolhatja.
Ugyanerről 6 óránként legfeljebb egyszer írunk.
"""


def test_the_operators_mail_as_text() -> None:
    assert text_of(operator_letter(situation())) == OPERATOR.replace("--~", "-- ")


def test_the_customers_mail_as_text() -> None:
    assert text_of(customer_letter(situation())) == CUSTOMER.replace("--~", "-- ")


def test_no_line_is_longer_than_its_longest_word() -> None:
    long_words = "a" * 100
    letter = replace(operator_letter(situation(message="word " * 60)), facts=(("Server", f"b {long_words} c"),))

    lines = text_of(letter).splitlines()
    assert [line for line in lines if len(line) > WIDTH and long_words not in line] == []
    assert sum(line.count("word") for line in lines) == 60
