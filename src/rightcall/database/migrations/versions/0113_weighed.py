from rightcall.database.migrate import run_sql_beside

revision = "0113"
down_revision = "0112"


def upgrade() -> None:
    run_sql_beside(__file__)
