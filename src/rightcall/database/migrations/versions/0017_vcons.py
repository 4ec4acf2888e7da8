from rightcall.database.migrate import run_sql_beside

revision = "0017"
down_revision = "0019"


def upgrade() -> None:
    run_sql_beside(__file__)
