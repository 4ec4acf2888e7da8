from rightcall.database.migrate import run_sql_beside

revision = "0059"
down_revision = "0058"


def upgrade() -> None:
    run_sql_beside(__file__)
