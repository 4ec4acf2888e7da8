from rightcall.database.migrate import run_sql_beside

revision = "0067"
down_revision = "0066"


def upgrade() -> None:
    run_sql_beside(__file__)
