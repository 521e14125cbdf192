"""How much of what one may ask for, and how long things are kept: each is tried in a test at the
limit and one past it.
"""

from datetime import timedelta

from kiremisu.lib import env

BODY_LIMIT = 1 << 20
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT
PER_PAGE, PER_PAGE_MOST = 20, 100
BATCH_MOST = 100
# How long a hidden series can be shown again, and a purged chapter brought back.
RESTORABLE = timedelta(days=30)
# So long what was done to series is kept, to be taken back; these for as long as they stand.
ACTS_KEPT, ACTS_NOT_FORGOTTEN = timedelta(days=90), ["merge_into"]
# Rules for names of one library.
NAME_RULES = 100
COVER_WIDTHS = (200, 400, 600)
# A file changed more recently may still be growing: a scan looks at it twice.
SCAN_SETTLE_SECONDS = 1.0
PAGE_WIDTHS = (240, 800, 1200, 1600)
# Bytes on disk for pages that were unpacked, rendered or scaled.
PAGE_CACHE_LIMIT = 2 << 30
# Uploads: bytes of one file; of one person's files that are in no library yet, and how many of
# these; bytes of the data folder's disk, and of a library's, that no upload takes; how long one
# is kept after its last byte.
UPLOAD_LIMIT = env.integer("KIREMISU_UPLOAD_LIMIT", 4096, least=1) << 20
UPLOAD_QUOTA = env.integer("KIREMISU_UPLOAD_QUOTA", 16384, least=1) << 20
UPLOADS_EACH = 100
UPLOAD_RESERVE = env.integer("KIREMISU_UPLOAD_RESERVE", 1024) << 20
UPLOAD_HOURS = env.integer("KIREMISU_UPLOAD_HOURS", 72, least=1)
# Seconds: how often a worker says that it lives, when it counts as dead, how often we look.
JOB_HEARTBEAT, JOB_LEASE, JOB_SWEEP = 5, 20, 15
# A failed job is tried so often, the first pause so many seconds long, each four times longer.
JOB_TRIES, JOB_PAUSE = 3, 10
# Workers that may die at a job before it is left alone: with no effect between, and ever.
JOB_DEATHS, JOB_ALL_DEATHS = 2, 10
# Seconds: a batch longer than this hangs; one wake-up works so long before it asks for the next.
JOB_STEP_LIMIT, JOB_WAKE_LENGTH = 300, 600
# Event streams at once, of one person and of one process.
EVENT_STREAMS_EACH, EVENT_STREAMS = 20, 1000
