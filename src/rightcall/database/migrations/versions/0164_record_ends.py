from rightcall.database.migrate import run_sql_beside

revision = "0164"
down_revision = "0163"


def upgrade() -> None:
    run_sql_beside(__file__)
