from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('trambox', '0010_keep_exceedances')]

    initial = False

    operations = [
        ops.CreateModel(
            name='LetterRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('notice_id', fields.BigIntField(db_index=True)),
                ('occasion', fields.CharField(max_length=16)),
                ('channel', fields.CharField(max_length=8)),
                ('address', fields.CharField(max_length=400)),
                ('subject', fields.CharField(max_length=300)),
                ('body', fields.TextField(unique=False)),
                ('made_ms', fields.BigIntField()),
                ('state', fields.CharField(max_length=8)),
                ('attempts', fields.IntField(default=0)),
                ('next_ms', fields.BigIntField(default=0)),
                ('sent_ms', fields.BigIntField(null=True)),
                ('last_error', fields.CharField(default='', max_length=300)),
            ],
            options={'table': 'letters', 'app': 'trambox', 'indexes': [Index(fields=['state', 'next_ms'])], 'pk_attr': 'id', 'table_description': 'A letter to one address, moved waiting -> sent or refused once its outcome is known.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='NoticeItemRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('notice_id', fields.BigIntField(db_index=True)),
                ('source', fields.CharField(max_length=128)),
                ('since_ms', fields.BigIntField()),
                ('added_ms', fields.BigIntField()),
                ('detail', fields.CharField(default='', max_length=300)),
                ('recovered_ms', fields.BigIntField(null=True)),
            ],
            options={'table': 'notice_items', 'app': 'trambox', 'pk_attr': 'id', 'table_description': 'A source in a digest: since when, when it was added, what was seen, and when it recovered.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='NoticeRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('recipient', fields.CharField(max_length=96)),
                ('cause', fields.CharField(max_length=16)),
                ('token', fields.CharField(db_index=True, max_length=48)),
                ('opened_ms', fields.BigIntField()),
                ('closed_ms', fields.BigIntField(null=True)),
                ('asked_ms', fields.BigIntField(default=0)),
                ('acknowledged_by', fields.CharField(default='', max_length=96)),
                ('acknowledged_ms', fields.BigIntField(null=True)),
                ('escalated_ms', fields.BigIntField(null=True)),
            ],
            options={'table': 'notices', 'app': 'trambox', 'indexes': [Index(fields=['closed_ms', 'id'])], 'pk_attr': 'id', 'table_description': 'One digest: a cause as one recipient is told of it, from the first station it befell to the last recovery.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RecipientRow',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('name', fields.CharField(unique=True, max_length=96)),
                ('emails', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('webhook', fields.CharField(default='', max_length=400)),
                ('webhook_secret', fields.CharField(default='', max_length=128)),
                ('escalate_to', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('causes', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('stations', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('areas', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('kinds', fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ('language', fields.CharField(default='vi', max_length=8)),
                ('enabled', fields.BooleanField(default=True)),
            ],
            options={'table': 'recipients', 'app': 'trambox', 'pk_attr': 'id', 'table_description': 'A responsible unit. Empty lists of stations, areas and kinds mean all of them, `causes` names what it is told.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ReplyRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('notice_id', fields.BigIntField(db_index=True)),
                ('at_ms', fields.BigIntField()),
                ('who', fields.CharField(max_length=96)),
                ('text', fields.CharField(max_length=1000)),
            ],
            options={'table': 'notice_replies', 'app': 'trambox', 'pk_attr': 'id', 'table_description': 'What somebody answered to a notice, append-only.'},
            bases=['Model'],
        ),
    ]
