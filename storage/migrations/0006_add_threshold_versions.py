from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('trambox', '0005_schedules_areas_and_works')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ControlChangeRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('station_id', fields.IntField()),
                ('parameter', fields.CharField(max_length=48)),
                ('time_s', fields.BigIntField()),
                ('file_id', fields.BigIntField()),
                ('line', fields.IntField()),
                ('was', fields.CharField(max_length=24)),
                ('now', fields.CharField(max_length=24)),
                ('at_ms', fields.BigIntField()),
            ],
            options={'table': 'control_changes', 'app': 'trambox', 'indexes': [Index(fields=['station_id', 'time_s'])], 'pk_attr': 'id', 'table_description': 'A control state that changed after it was published (QĐ 338/QĐ-KTTV), `at_ms` is when.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DriftDayRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('station_id', fields.IntField()),
                ('parameter', fields.CharField(max_length=48)),
                ('day_s', fields.BigIntField()),
                ('mean', fields.FloatField(null=True)),
                ('hours', fields.IntField()),
                ('fed', fields.FloatField(null=True)),
                ('flag', fields.SmallIntField()),
            ],
            options={'table': 'drift_days', 'app': 'trambox', 'unique_together': (('station_id', 'parameter', 'day_s'),), 'pk_attr': 'id', 'table_description': 'A civil day of one parameter: its mean, its full hours, what CUSUM was fed with, and the flag it gave the day.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DriftStateRow',
            fields=[
                ('id', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ('settings_hash', fields.CharField(max_length=16)),
                ('first_day_s', fields.BigIntField()),
                ('last_day_s', fields.BigIntField()),
                ('state', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('last_hour_id', fields.BigIntField(default=0)),
            ],
            options={'table': 'drift_states', 'app': 'trambox', 'pk_attr': 'id', 'table_description': 'Where the CUSUM of one series stands after `last_day_s`, `id` is station:parameter.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DriftTicketRow',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('station_id', fields.IntField()),
                ('parameter', fields.CharField(max_length=48)),
                ('day_s', fields.BigIntField()),
                ('direction', fields.CharField(max_length=8)),
                ('start_s', fields.BigIntField()),
                ('made_ms', fields.BigIntField()),
                ('state', fields.CharField(max_length=12)),
                ('change_s', fields.BigIntField(null=True)),
            ],
            options={'table': 'drift_tickets', 'app': 'trambox', 'unique_together': (('station_id', 'parameter', 'day_s'),), 'pk_attr': 'id', 'table_description': 'An alarm of CUSUM as a ticket for people: it fails no value. `change_s` is the day PELT gives to the change.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ThresholdProposalRow',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('station_id', fields.IntField()),
                ('parameter', fields.CharField(max_length=48)),
                ('made_ms', fields.BigIntField()),
                ('tables', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('was', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('evidence', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('state', fields.CharField(default='open', max_length=12)),
                ('decided_by', fields.CharField(default='', max_length=64)),
                ('decided_ms', fields.BigIntField(null=True)),
                ('reason', fields.CharField(default='', max_length=300)),
                ('version_id', fields.IntField(null=True)),
            ],
            options={'table': 'threshold_proposals', 'app': 'trambox', 'indexes': [Index(fields=['station_id', 'state'])], 'pk_attr': 'id', 'table_description': 'Thresholds that the data of a station suggest, `evidence` holds the quantiles they rest on.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ThresholdVersionRow',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('station_id', fields.IntField()),
                ('parameter', fields.CharField(max_length=48)),
                ('tables', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('origins', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('params_hash', fields.CharField(max_length=16)),
                ('own_hash', fields.CharField(max_length=16)),
                ('valid_from_ms', fields.BigIntField()),
                ('who', fields.CharField(max_length=64)),
                ('reason', fields.CharField(default='', max_length=300)),
            ],
            options={'table': 'threshold_versions', 'app': 'trambox', 'indexes': [Index(fields=['station_id', 'parameter', 'id'])], 'pk_attr': 'id', 'table_description': 'What one parameter of a station is judged with from `valid_from_ms` on, until its next version. Never altered.'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='StationRow',
            name='mandatory',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
        ops.AddField(
            model_name='StationRow',
            name='network',
            field=fields.CharField(default='own', db_default='own', max_length=12),
        ),
    ]
