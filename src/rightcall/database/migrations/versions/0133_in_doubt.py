from rightcall.database.migrate import run_sql_beside

revision = "0133"
down_revision = "0132"


def upgrade() -> None:
    run_sql_beside(__file__)
