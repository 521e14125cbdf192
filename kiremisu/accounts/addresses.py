"""From which address a request comes, where proxies stand between."""

from ipaddress import IPv4Address, IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The nearest address that is not one of KIREMISU_PROXIES.

    What a proxy of ours did not write into X-Forwarded-For is what anybody may claim.
    """
    nearest: str = request.META.get("REMOTE_ADDR", "")
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while told and _is_ours(nearest):
        claimed = _read(told.pop())
        if claimed is None:
            break
        nearest = str(claimed)
    return nearest


def _is_ours(address: str) -> bool:
    known = _read(address)
    return known is not None and any(known in network for network in settings.PROXIES)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        known = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(known, "ipv4_mapped", None) or known
