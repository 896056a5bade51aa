"""Whether what the hub looks up by itself can be had: the controller's versions, and the template of its file.

A hub without them takes reports as ever, so nothing here is a failure. Nothing is kept of what was found.
"""

from felhom_hub.base.words import count_words
from felhom_hub.configs.documents import DocumentError, document
from felhom_hub.configs.template_fetch import FetchError, Marks, Source, fetch_template
from felhom_hub.configs.template_trial import problem_of
from felhom_hub.controllers.registry import Account, RegistryError, place_of, tags_of
from felhom_hub.controllers.versions import newest_release
from felhom_hub.project.checks.findings import Finding, ok, warn
from felhom_hub.project.options import Registry


def check_registry(registry: Registry) -> Finding:
    """Whether the registry says which versions there are, and the newest; it is asked now."""
    name = "registry"
    if not registry.image:
        return ok(name, "registry.image is empty: the newest version is not looked up")
    try:
        place = place_of(registry.image)[0].place
        tags = tags_of(registry.image, Account(registry.username, registry.token))
    except RegistryError as error:
        return warn(name, f"the newest version is not known: {error}")
    newest = newest_release(tags)
    if newest is None:
        return warn(name, f"{place} has no release of {registry.image} among {count_words(len(tags), 'tag')}")
    return ok(name, f"{place} answers, the newest release is {newest}")


def check_template(registry: Registry) -> Finding:
    """Whether the template of every controller.yaml is there and can be read; it is fetched now."""
    name = "template"
    if not registry.template_url:
        return ok(name, "registry.template_url is empty: the hub's own holds")
    source = Source(registry.template_url, registry.image, Account(registry.username, registry.token))
    try:
        fetched = fetch_template(source, Marks())
        text = "" if fetched is None else fetched.text
        problem = problem_of(document(text))
    except FetchError as error:
        return warn(name, f"it was not fetched, and the last good one holds: {error}")
    except DocumentError as error:
        problem = str(error)
    if problem:
        return warn(name, f"what registry.template_url gives cannot be used: {problem}")
    return ok(name, f"registry.template_url answers with {count_words(text.count(chr(10)), 'line')}")
