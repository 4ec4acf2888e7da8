from rightcall.database.migrate import run_sql_beside

revision = "0019"
down_revision = "0016"


def upgrade() -> None:
    run_sql_beside(__file__)
