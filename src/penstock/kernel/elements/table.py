"""The table of contents: the behaviour of every kind of element that the kernel runs."""

from __future__ import annotations

from typing import Final

from penstock.kernel.definition import Kind
from penstock.kernel.elements import (
    ad_hoc_sub_process,
    business_rule_task,
    call_activity,
    catch_event,
    complex_gateway,
    end_event,
    event_gateway,
    exclusive_gateway,
    inclusive_gateway,
    job_task,
    parallel_gateway,
    script_task,
    sub_process,
    throw_event,
    user_task,
)
from penstock.kernel.elements.behaviour import Behaviour

BEHAVIOURS: Final[dict[Kind, Behaviour]] = {
    Kind.START_EVENT: Behaviour(),
    Kind.END_EVENT: Behaviour(activate=end_event.activate),
    Kind.INTERMEDIATE_CATCH_EVENT: Behaviour(activate=catch_event.activate),
    Kind.INTERMEDIATE_THROW_EVENT: Behaviour(activate=throw_event.activate),
    Kind.BOUNDARY_EVENT: Behaviour(),
    Kind.TASK: Behaviour(),
    Kind.MANUAL_TASK: Behaviour(),
    Kind.SERVICE_TASK: Behaviour(activate=job_task.activate),
    Kind.SCRIPT_TASK: Behaviour(activate=script_task.activate),
    Kind.USER_TASK: Behaviour(activate=user_task.activate),
    Kind.EXCLUSIVE_GATEWAY: Behaviour(activate=exclusive_gateway.activate),
    Kind.PARALLEL_GATEWAY: Behaviour(arrive=parallel_gateway.arrive),
    Kind.SUB_PROCESS: Behaviour(activate=sub_process.activate),
    Kind.SEND_TASK: Behaviour(activate=throw_event.activate),
    Kind.RECEIVE_TASK: Behaviour(activate=catch_event.activate),
    Kind.EVENT_BASED_GATEWAY: Behaviour(activate=event_gateway.activate),
    Kind.TRANSACTION: Behaviour(activate=sub_process.activate),
    Kind.INCLUSIVE_GATEWAY: Behaviour(arrive=inclusive_gateway.arrive),
    Kind.AD_HOC_SUB_PROCESS: Behaviour(activate=ad_hoc_sub_process.activate),
    Kind.COMPLEX_GATEWAY: Behaviour(arrive=complex_gateway.arrive, activate=complex_gateway.activate),
    Kind.BUSINESS_RULE_TASK: Behaviour(activate=business_rule_task.activate),
    Kind.PROCESS: Behaviour(),
    Kind.CALL_ACTIVITY: Behaviour(activate=call_activity.activate),
}
