"""The console's routes, without a description for programs: programs have the API."""

from fastapi import FastAPI, Request

from rightcall.console.sheets import page
from rightcall.design import wrong
from rightcall.design.wrong import Wrong
from rightcall.house import House


def create_console(house: House) -> FastAPI:
    console = FastAPI(openapi_url=None, redirect_slashes=False)
    console.state.house = house
    wrong.install(console, _wrong)
    return console


def _wrong(request: Request, what: Wrong) -> str:
    return page(request, "wrong", wrong=what)
