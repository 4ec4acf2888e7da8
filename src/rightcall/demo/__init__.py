"""The whole way of a call, shown: real SIP calls with sound into a real recorder, and what became of them, step by step.

A face like any other: it works through the commands, the API and the test call, as a user would. Only where it shows what no
API shows, the bytes on the disk and the keys behind them, does it open the house itself.
"""
