"""Tests of small procedures and tests done at a visit."""
