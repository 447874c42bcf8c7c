"""Which PSA, put together from the settings. Made only where one is set up."""

from rfl1.settings import KEYS, BadSetting, Settings, unsafe_origin
from services.psa.provider import Provider
from services.psa.wire import Way

_PARTS = {
    "connectwise": ("psa.url", "psa.company", "psa.public_key", "psa.private_key", "psa.client_id"),
    "halopsa": ("psa.url", "psa.client_id", "psa.client_secret"),
    "autotask": ("psa.url", "psa.username", "psa.secret", "psa.integration_code"),
}


class PsaUnset(BadSetting):
    title = "The PSA cannot be used"
    exit_status = 3


def parts(provider: str) -> tuple[str, ...]:
    """The names of the settings that it needs, and of those that it may have."""
    return (*_PARTS[provider], *(("psa.tenant",) if provider == "halopsa" else ()))


def require_whole(settings: Settings) -> None:
    """Raises PsaUnset where a provider is named and not all that it needs is set, or its URL may not be used."""
    name = settings["psa.provider"]
    missing = [key.variable for key in KEYS if key.name in _PARTS.get(name, ()) and not settings.has(key.name)]
    if missing:
        raise PsaUnset(f"{name} needs more than is set", f"Set {', '.join(missing)}.")
    if name and (reason := unsafe_origin(settings["psa.url"].strip())):
        raise PsaUnset(f"RFL1_PSA_URL: {reason}", "Mend it.")


def provider(settings: Settings) -> Provider | None:
    """None where no PSA is set up. Raises PsaUnset."""
    require_whole(settings)
    way = Way(settings["psa.url"].strip(), unsafe_origin)
    match settings["psa.provider"]:
        case "connectwise":
            return _connectwise(settings, way)
        case "halopsa":
            return _halopsa(settings, way)
        case "autotask":
            return _autotask(settings, way)
    return None


def _connectwise(settings: Settings, way: Way) -> Provider:
    from services.psa.connectwise import ConnectWise, Keys

    names = ("psa.company", "psa.public_key", "psa.private_key", "psa.client_id")
    return ConnectWise(way, Keys(*(settings[name].strip() for name in names)))


def _halopsa(settings: Settings, way: Way) -> Provider:
    from services.psa.halopsa import HaloPsa, Keys

    return HaloPsa(
        way, Keys(*(settings[name].strip() for name in ("psa.client_id", "psa.client_secret", "psa.tenant")))
    )


def _autotask(settings: Settings, way: Way) -> Provider:
    from services.psa.autotask import Autotask
    from services.psa.autotask_zone import Keys

    names = ("psa.username", "psa.secret", "psa.integration_code")
    return Autotask(way, Keys(*(settings[name].strip() for name in names)))
