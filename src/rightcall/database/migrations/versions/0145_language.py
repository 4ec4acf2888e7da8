from rightcall.database.migrate import run_sql_beside

revision = "0145"
down_revision = "0144"


def upgrade() -> None:
    run_sql_beside(__file__)
