from rightcall.database.migrate import run_sql_beside

revision = "0146"
down_revision = "0145"


def upgrade() -> None:
    run_sql_beside(__file__)
