from rightcall.database.migrate import run_sql_beside

revision = "0134"
down_revision = "0133"


def upgrade() -> None:
    run_sql_beside(__file__)
