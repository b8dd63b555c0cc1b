"""The kernel: what makes an actor run, crash, come back and stop. One vocabulary, OTP's:

- *child spec*: how a service is made, started and stopped (`actor.ChildSpec`);
- *strategy*: always one_for_one: branches meet only in storage, so one crash never restarts a neighbour;
- *restart*: permanent for every source and service; an operator's stop is the only lasting end;
- *intensity*: `max_restarts` within `period_s`; over it the actor is *quarantined* and tried again every 15 minutes;
- *shutdown_s*: how long a service may take to stop; *drain*: the designed way down, in reverse order of the start.
"""
