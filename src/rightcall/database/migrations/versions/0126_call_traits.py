from rightcall.database.migrate import run_sql_beside

revision = "0126"
down_revision = "0125"


def upgrade() -> None:
    run_sql_beside(__file__)
