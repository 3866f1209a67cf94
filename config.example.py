"""Every setting of casework, with its unit and its default.

Copy this file to config.py and uncomment what you change. The environment goes before the file: PORT here is
CASEWORK_PORT there. CASEWORK_CONFIG names another file than ./config.py; empty, it says that there is none.
A wrong value stops start-up and names itself.
"""

# ---- Where things lie ---------------------------------------------------------------

# The data folder. It belongs to one account alone (mode 700).
# INSTANCE_PATH = "instance"

# SQLite, or PostgreSQL for many members: "postgresql+psycopg://casework@localhost/casework".
# Default: casework.sqlite in the data folder.
# DATABASE_URL = "sqlite:////srv/casework/instance/casework.sqlite"

# Sessions, which must not outlive the power. Default: a SQLite file below /dev/shm, which is memory; where
# there is none (macOS), below the temporary folder. Several hosts share a Redis of casework's own, without
# persistence (docs/several-hosts.md): "rediss://casework:password@redis.internal/0?ssl_ca_certs=/…/ca.pem",
# "redis://…" in a network of your own, or "unix:///run/redis/redis.sock".
# VOLATILE_URL = "sqlite:////dev/shm/casework/volatile.sqlite"

# The outside part of the host key: 32 bytes, mode 600, never in a backup. Default: host.key in the data
# folder, or the systemd credential casework-host-key.
# HOST_KEY_FILE = "/etc/casework/host.key"

# Where sealed files of cases lie: a folder of a bucket, in any store that speaks S3 (docs/operating.md,
# Files of cases). Without an endpoint the store is Amazon's. By https, or by http to an address of a network
# of your own.
# Options: endpoint, region, ca_certs. `make move-attachments` moves what lies there already.
# Default: attachments in the data folder.
# ATTACHMENTS_URL = "s3://bucket/casework?endpoint=https://s3.example.org&region=us-east-1"

# The key to that bucket: a file of two lines, the id of the access key and its secret, mode 600. Default:
# attachments.key in the data folder, or the systemd credential casework-attachments-key.
# ATTACHMENTS_KEY_FILE = "/etc/casework/attachments.key"

# Where backups lie, sealed to the recovery key; best on another disk. Like the data folder (mode 700).
# Default: backups in the data folder.
# BACKUP_FOLDER = "/srv/backups/casework"

# Where the command `backup`, and so the nightly timer, copies them to: a folder for them alone, in another
# building. By rsync, to a folder or over SSH, or by rclone (whose own settings name the remote). Expired ones
# are deleted there too.
# Default: nowhere.
# BACKUP_COPY_TO = "rsync:casework@backups.example.org:casework"

# How long a backup is kept, in days, 1 to 3650. A later backup deletes it then; the newest one always stays.
# BACKUP_KEEP_DAYS = 90

# ---- Who reaches it -----------------------------------------------------------------

# IP address or localhost that the server listens on; without PUBLIC_HTTPS only this machine's own.
# HOST = "127.0.0.1"

# TCP port, 1 to 65535.
# PORT = 8000

# True: one proxy in front speaks TLS (deploy/Caddyfile) and appends to X-Forwarded-For who asks; every cookie
# is for https only. Let nothing but that proxy reach HOST and PORT: whoever does can write any address there.
# PUBLIC_HTTPS = False

# The host names that people type, needed with PUBLIC_HTTPS; others get no answer.
# Default without PUBLIC_HTTPS: 127.0.0.1, localhost and [::1].
# TRUSTED_HOSTS = ["casework.example.org"]

# Requests answered at once, 1 to 64.
# THREADS = 8

# Requests, 10 to 10000000, after which a fresh process takes over from the one that answers: what is left in
# its memory goes with it. Nobody is signed out by it.
# WORKER_REQUESTS = 10000

# Largest form taken, in bytes, from 65536 to 67108864. Up to four times as much is read of what a member
# writes of a case, two of them at once, so that it can be given back to be shortened.
# MAX_FORM_BYTES = 1048576

# Largest file that can be added to a case, in bytes, from 1048576 to 2147483648.
# MAX_FILE_BYTES = 200000000

# How the server logs: "text", one sentence an error; "json", one object a line, each request too: which page
# answered and how long it took, and neither its address nor anything of it.
# LOG_FORMAT = "text"

# TCP port for Prometheus, on 127.0.0.1 and nowhere else: how many requests, how fast, how busy. 0: none.
# METRICS_PORT = 0

# Flask's debug server, for work on casework itself; refused where others could reach it.
# DEBUG = False

# ---- How it works -------------------------------------------------------------------

# A fictional organisation to try things on, in a folder of its own: with it INSTANCE_PATH, DATABASE_URL,
# VOLATILE_URL, HOST_KEY_FILE, BACKUP_FOLDER and BACKUP_COPY_TO are not read, and the data lie in
# instance-demo (or what `run.py --instance` names).
# DEMONSTRATION = False

# Language of the first page, before anybody chose: "en", "fr" or "es".
# DEFAULT_LANGUAGE = "en"

# Time zone that decides what "today" is, and in which times of day are entered and shown: the clocks of
# detentions count in it.
# TIMEZONE = "America/Toronto"

# Minutes without a request until the screen locks, 1 to 120.
# IDLE_MINUTES = 20

# Hours until a member signs in again, whatever they do, 1 to 24.
# SESSION_HOURS = 10

# Hours for which a form posted after the session ended is still kept for its writer, 1 to 168.
# DRAFT_HOURS = 24

# Smallest number of distinct cases that a published figure may rest on, 5 to 100.
# SUPPRESSION_THRESHOLD = 5

# Months after which an entry of the audit log expires, 3 to 120; a coordinator can hold the log for longer.
# AUDIT_MONTHS = 24

# Days for which a deleted case can be restored from the bin before it is erased, 1 to 365.
# BIN_DAYS = 30
