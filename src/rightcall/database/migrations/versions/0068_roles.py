from rightcall.database.migrate import run_sql_beside

revision = "0068"
down_revision = "0067"


def upgrade() -> None:
    run_sql_beside(__file__)
