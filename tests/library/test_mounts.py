"""What kind of file system something lies on."""

import pytest

from library.mounts import is_far_away

MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:45 / /srv/my\040share rw,relatime - nfs4 nas:/manga rw
41 22 0:46 / /srv/box rw - fuse.sshfs nas: rw
42 22 8:17 / /srv/box/disk rw - xfs /dev/sdb1 rw
43 22 0:47 / /srv/漫画 rw - cifs //nas/manga rw
""".strip().splitlines()


@pytest.mark.parametrize(
    ("path", "is_far"),
    [
        ("/home/manga", False),
        ("/srv/my share/manga", True),
        ("/srv/my shared", False),
        ("/srv/box", True),
        ("/srv/box/disk/manga", False),
        ("/srv/漫画/a.cbz", True),
    ],
)
def test_shares_of_other_machines_are_told_apart(path: str, is_far: bool) -> None:
    assert is_far_away(path, MOUNTS) == is_far
