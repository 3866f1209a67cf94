"""The settings of this server; /srv/casework/current/config.example.py explains all there are."""

INSTANCE_PATH = "/var/lib/casework/instance"
BACKUP_FOLDER = "/var/lib/casework/backups"

# Caddy speaks TLS in front: deploy/Caddyfile.
PUBLIC_HTTPS = True
TRUSTED_HOSTS = ["casework.example.org"]

# Where each night's backup is copied to; uncomment one line. docs/install.md says how.
# BACKUP_COPY_TO = "rsync:casework@backups.example.org:casework/"
# BACKUP_COPY_TO = "rclone:remote:bucket/casework"
