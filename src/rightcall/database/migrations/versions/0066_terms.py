from rightcall.database.migrate import run_sql_beside

revision = "0066"
down_revision = "0065"


def upgrade() -> None:
    run_sql_beside(__file__)
