"""Makes the fonts for paper, as a process: `python -m linli.territory.exports.prepare`."""

import django

if __name__ == "__main__":
    django.setup()
    from linli.territory.exports import fonts

    fonts.folder()
