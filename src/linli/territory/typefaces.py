"""Makes the fonts for paper, as a process of its own: `python -m linli.territory.typefaces`."""

import django

if __name__ == "__main__":
    django.setup()
    from linli.territory.exports import fonts

    fonts.folder()
