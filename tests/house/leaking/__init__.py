"""A Linli that can be made to leak, for the tests that have to notice it.

The file named by LEAK says which leak is open; with none it is Linli as it is. Each leak is a slip
that somebody could make: a wrong column, a check left out, a line in the log.
"""
