from django.db import migrations, models

TIBETAN = range(0x0F40, 0x0FBD)
CHINESE = range(0x4E00, 0xA000)


def language(title):
    """The key of the language that a title seems to be in, by its letters."""
    letters = [ord(letter) for letter in title]
    for key, script in (("bo", TIBETAN), ("zh", CHINESE)):
        if any(letter in script for letter in letters):
            return key
    return "en"


def kept(apps, editor):
    """Every title stands under the language that it is in."""
    plans = apps.get_model("territory", "Plan").objects.using(editor.connection.alias)
    for key, title in plans.values_list("pk", "title").iterator():
        plans.filter(pk=key).update(titles={language(title): title})


class Migration(migrations.Migration):
    dependencies = [
        ("territory", "0002_adoption"),
    ]

    operations = [
        migrations.AddField(
            model_name="plan",
            name="titles",
            field=models.JSONField(default=dict),
        ),
        migrations.RunPython(kept),
        migrations.RemoveField(
            model_name="plan",
            name="title",
        ),
    ]
