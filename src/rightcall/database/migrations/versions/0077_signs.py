from rightcall.database.migrate import run_sql_beside

revision = "0077"
down_revision = "0076"


def upgrade() -> None:
    run_sql_beside(__file__)
