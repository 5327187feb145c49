"""Fuzzing of every reader of records: whatever its bytes, a record is read or refused in a sentence.

targets     what must hold of a reader on any input, and where inputs begin
mutating    inputs by chance: parts changed, doubled, taken out, taken from another, or words of the format put in
forking     the process that opens a PDF, without its start
guided      inputs that reach new code, by atheris, in a process of its own
"""
