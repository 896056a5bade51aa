"""What customers read of each type, beside the catalogue's sentence, in Hungarian: polite, plain, and calm. Pure.

To add a type, add one entry; those of the whole fleet are no customer's. A type without one is told with the sentence
of its severity (`GENERIC_HU`).
"""

from collections.abc import Mapping

from felhom_hub.events.catalogue import Severity
from felhom_hub.notify.advice import Advice

_REPLY = "Ha segítségre van szüksége, válaszoljon erre a levélre."
_DATA_SAFE = "A fájljai megvannak, a szolgáltatásai működnek."
_NOTHING_TO_DO = "Nincs teendője."

ADVICE_HU: Mapping[str, Advice] = {
    "node_stale": Advice(
        "KÉSIK A JELENTÉS",
        "Késik az otthoni szervere jelentése",
        "Ez lehet egy rövid internetkimaradás is, amely magától megoldódik. Az adatai a szerveren vannak. Ha a "
        "szervere nem jelentkezik, újra írunk Önnek.",
        ("Egyelőre nincs teendője, figyeljük a szerverét.",),
    ),
    "node_down": Advice(
        "NEM ELÉRHETŐ",
        "Nem érjük el az otthoni szerverét",
        "Ilyenkor a fényképei, a fájljai és a többi szolgáltatása sem érhető el. Az adatai a szerveren vannak. "
        "Amint a szervere újra jelentkezik, írunk Önnek.",
        (
            "Nézze meg, világít-e a szerver jelzőfénye. Ha nem, ellenőrizze, hogy a tápkábel be van-e dugva.",
            "Ellenőrizze, hogy működik-e otthon az internet. Ha nem, indítsa újra a routert, és várjon öt percet.",
            "Ha mindkettő rendben van, nincs más teendője, mi is keressük a hibát.",
        ),
    ),
    "node_recovered": Advice(
        "ÚJRA ELÉRHETŐ",
        "A szervere újra elérhető",
        "A kimaradás ideje alatt a szolgáltatásai valószínűleg nem voltak elérhetők. Nincs teendője. Ha mégis valami "
        "szokatlant tapasztal, válaszoljon erre a levélre.",
    ),
    "node_unsteady": Advice(
        "AKADOZIK",
        "Az otthoni szervere újra meg újra elhallgat",
        "Ezt többnyire az otthoni internetkapcsolat okozza. Az adatai a szerveren vannak. A rövid kimaradásokról "
        "külön-külön már nem írunk. Ha a szervere hosszabb ideig nem érhető el, arról értesítjük.",
        ("Ellenőrizze, hogy a router és a szerver kábelei jól be vannak-e dugva.", _REPLY),
    ),
    "node_steady": Advice(
        "ÚJRA ELÉRHETŐ",
        "A szervere órák óta megszakítás nélkül jelentkezik",
        f"A kapcsolat helyreállt, a szolgáltatásai elérhetők. {_NOTHING_TO_DO}",
    ),
    "expected_backup_missed": Advice(
        "MENTÉS",
        "Nem tudjuk, elkészült-e az éjszakai biztonsági mentés",
        "Lehet, hogy a mentés elkészült, csak a visszajelzés nem ért el hozzánk. A fájljai megvannak, de a legutóbbi "
        "sikeres mentés óta feltöltött fájlokról lehet, hogy még nincs másolat.",
        ("A szervere a következő éjjel magától újra megpróbálja a mentést.", _REPLY),
    ),
    "expected_dbdump_missed": Advice(
        "MENTÉS",
        "Nem tudjuk, elkészült-e az adatbázisok mentése",
        f"Lehet, hogy a mentés elkészült, csak a visszajelzés nem ért el hozzánk. {_DATA_SAFE}",
        ("A szervere a következő éjjel magától újra megpróbálja a mentést.", _REPLY),
    ),
    "expected_backup_done": Advice(
        "MENTÉS",
        "Elkészült a hiányzó biztonsági mentés",
        f"A fájljairól friss másolat van. {_NOTHING_TO_DO}",
    ),
    "expected_dbdump_done": Advice(
        "MENTÉS",
        "Elkészült az adatbázisok hiányzó mentése",
        f"Az alkalmazásai adatairól friss másolat van. {_NOTHING_TO_DO}",
    ),
    "backup_completed": Advice(
        "MENTÉS",
        "Elkészült a biztonsági mentés",
        f"A fájljairól friss másolat van. {_NOTHING_TO_DO}",
    ),
    "backup_failed": Advice(
        "MENTÉS",
        "Nem készült el a biztonsági mentés",
        f"{_DATA_SAFE} A legutóbbi sikeres mentés óta feltöltött fájlokról azonban még nincs másolat.",
        ("A szervere a következő éjjel magától újra megpróbálja a mentést.", _REPLY),
    ),
    "db_dump_completed": Advice(
        "MENTÉS",
        "Elkészült az adatbázisok mentése",
        f"Az alkalmazásai adatairól friss másolat van. {_NOTHING_TO_DO}",
    ),
    "db_dump_failed": Advice(
        "MENTÉS",
        "Nem készült el az adatbázisok mentése",
        f"{_DATA_SAFE} Az alkalmazások legfrissebb adatairól azonban még nincs másolat.",
        ("A szervere a következő éjjel magától újra megpróbálja a mentést.", _REPLY),
    ),
    "integrity_check_ok": Advice(
        "MENTÉS",
        "A biztonsági mentése hibátlan",
        f"Ellenőriztük, hogy a mentésből szükség esetén helyreállíthatók az adatai. {_NOTHING_TO_DO}",
    ),
    "integrity_check_failed": Advice(
        "MENTÉS",
        "Hibát talált a biztonsági mentés ellenőrzése",
        f"{_DATA_SAFE} A mentés egy része azonban sérült lehet, ezért megvizsgáljuk.",
        ("Kérjük, ne töröljön a szerveréről olyan fájlt, amely máshol nincs meg.", _REPLY),
    ),
    "crossdrive_backup_completed": Advice(
        "MENTÉS",
        "Elkészült a másolat a második meghajtón",
        f"A fájljai két meghajtón is megvannak. {_NOTHING_TO_DO}",
    ),
    "crossdrive_backup_failed": Advice(
        "MENTÉS",
        "Nem készült el a másolat a második meghajtón",
        f"{_DATA_SAFE} A második meghajtón azonban csak a korábbi másolat van meg.",
        ("Ha a második meghajtó külső, ellenőrizze, hogy csatlakozik-e a szerverhez.", _REPLY),
    ),
    "disk_warning": Advice(
        "TÁRHELY",
        "Kezd betelni a szervere egyik meghajtója",
        "Egyelőre minden működik. Ha a meghajtó betelik, nem tud majd új fényképet és fájlt feltölteni.",
        (
            "Törölje, amire már nincs szüksége, majd ürítse ki a lomtárat is.",
            "Ha inkább nagyobb meghajtót szeretne, válaszoljon erre a levélre, és segítünk kiválasztani.",
        ),
    ),
    "disk_critical": Advice(
        "TÁRHELY",
        "Majdnem betelt a szervere egyik meghajtója",
        "Ha betelik, nem tud új fényképet és fájlt feltölteni, és a biztonsági mentések is leállnak. A meglévő fájljai "
        "ilyenkor is megmaradnak.",
        (
            "Ürítse ki az alkalmazásai lomtárát.",
            "Törölje, amire már nincs szüksége, például a régi videókat.",
            "Ha inkább nagyobb meghajtót szeretne, válaszoljon erre a levélre, és segítünk kiválasztani.",
        ),
    ),
    "storage_disconnected": Advice(
        "MEGHAJTÓ",
        "Megszakadt a kapcsolat egy meghajtóval",
        "A rajta lévő fájlok most nem érhetők el. A meghajtó tartalma ettől általában nem vész el.",
        (
            "Ha külső meghajtóról van szó, ellenőrizze, hogy a kábele szorosan csatlakozik-e.",
            "Ha ez nem segít, válaszoljon erre a levélre.",
        ),
    ),
    "storage_reconnected": Advice(
        "MEGHAJTÓ",
        "Újra elérhető a meghajtó",
        f"A rajta lévő fájlok ismét elérhetők. {_NOTHING_TO_DO}",
    ),
    "health_degraded": Advice(
        "ÁLLAPOT",
        "A szervere nem működik teljesen rendben",
        "Az adatai megvannak, de előfordulhat, hogy valamelyik szolgáltatása lassabb, vagy nem érhető el. "
        "Megvizsgáljuk, mi az oka.",
        ("Egyelőre nincs teendője. Ha gondot tapasztal, válaszoljon erre a levélre.",),
    ),
    "health_recovered": Advice(
        "ÁLLAPOT",
        "A szervere újra rendben működik",
        f"{_NOTHING_TO_DO} Ha mégis valami szokatlant tapasztal, válaszoljon erre a levélre.",
    ),
    "temperature_high": Advice(
        "HŐMÉRSÉKLET",
        "Túlságosan felmelegedett a szervere",
        "A szervere egyelőre működik, de a tartós meleg árthat neki.",
        (
            "Ellenőrizze, hogy a szerver szellőzőnyílásai szabadon vannak-e, és nem éri-e tűző nap.",
            "Ha ez nem segít, válaszoljon erre a levélre.",
        ),
    ),
    "container_unhealthy": Advice(
        "ALKALMAZÁS",
        "Az egyik alkalmazás nem működik megfelelően",
        "A többi szolgáltatását ez nem érinti, és az adatai megvannak.",
        ("Várjon néhány percet: az alkalmazás sokszor magától helyreáll.", _REPLY),
    ),
    "app_deployed": Advice(
        "ALKALMAZÁS",
        "Új alkalmazás került a szerverére",
        "Ha ezt Ön kérte, nincs teendője. Ha nem, kérjük, válaszoljon erre a levélre.",
    ),
    "app_removed": Advice(
        "ALKALMAZÁS",
        "Egy alkalmazás lekerült a szerveréről",
        "Ha ezt Ön kérte, nincs teendője. Ha nem, kérjük, válaszoljon erre a levélre.",
    ),
    "update_available": Advice(
        "FRISSÍTÉS",
        "Új frissítés érhető el a szerveréhez",
        "A frissítés hibákat javít, és biztonságosabbá teszi a szerverét.",
        ("A szervere kezelőfelületén bármikor elindíthatja a frissítést.",),
    ),
    "update_completed": Advice(
        "FRISSÍTÉS",
        "Elkészült a szervere frissítése",
        f"A szolgáltatásai újra elérhetők. {_NOTHING_TO_DO}",
    ),
    "update_failed": Advice(
        "FRISSÍTÉS",
        "Nem sikerült a szervere frissítése",
        "A szervere a korábbi változattal működik tovább, az adatai megvannak. Megvizsgáljuk, mi az oka.",
        ("Nincs teendője. Ha gondot tapasztal, válaszoljon erre a levélre.",),
    ),
    "test": Advice(
        "PRÓBA",
        "Próbaüzenet a szerverétől",
        "Ha ezt a levelet látja, az értesítések megérkeznek Önhöz.",
    ),
}

GENERIC_HU: Mapping[Severity, Advice] = {
    "info": Advice("ÜZENET", "Üzenet a szerverétől", ""),
    "warning": Advice("FIGYELMEZTETÉS", "Figyelmeztetés a szerverétől", "", (_REPLY,)),
    "error": Advice(
        "HIBA", "A szervere hibát jelzett", "Megvizsgáljuk, mi az oka.", ("Egyelőre nincs teendője.", _REPLY)
    ),
}
