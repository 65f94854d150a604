"""What other engines write into a file (camunda:, flowable:, activiti:): the one table of what each word means here.

Nothing of it is silently ignored: what is not MAPPED is a finding. Other engines' own namespaces are listed by name;
namespaces that nobody here knows are data of a modeller, which the standard lets a reader skip.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from engine.bpmn import tree
from engine.bpmn.tree import Element, tag
from engine.model import Vendor
from engine.rules import expressions


class Kind(StrEnum):
    """MAPPED: read and obeyed. SERVICE: the word a service task asks of the host. HARMLESS: of no effect on it.

    PERSONS: who works, when, with which form; a matter of posts, limits and forms. WRITES: names a variable that it
    sets. CODE: something that would be run. CHANGES: another behaviour of the flow.
    """

    MAPPED = "mapped"
    SERVICE = "service"
    HARMLESS = "harmless"
    PERSONS = "persons"
    WRITES = "writes"
    CODE = "code"
    CHANGES = "changes"


READ = (tree.MODEL, tree.SUN, tree.XSI, *tree.VENDORS, "{http://www.w3.org/XML/1998/namespace}")


def _table(rows: Mapping[Kind, str]) -> Mapping[str, Kind]:
    return {word: kind for kind, words in rows.items() for word in words.split()}


ATTRIBUTES = _table(
    {
        Kind.MAPPED: "collection elementVariable",
        Kind.SERVICE: "class delegateExpression expression topic type",
        Kind.HARMLESS: """async asyncBefore asyncAfter asyncLeave exclusive jobPriority taskPriority historyTimeToLive
            versionTag category isStartableInTasklist isEagerExecutionFetch errorMessage modelerTemplate
            modelerTemplateVersion modelerTemplateIcon diagramRelationId noWaitStatesAsyncLeave
            parallelInSameTransaction doNotIncludeVariables storeResultVariableAsTransient includeInHistory""",
        Kind.PERSONS: """assignee owner candidateUsers candidateGroups candidateStarterUsers candidateStarterGroups
            dueDate followUpDate priority businessCalendarName formKey formRef formRefBinding formRefVersion
            formFieldValidation extensionId processInstanceName""",
        Kind.WRITES: """resultVariable resultVariableName errorCodeVariable errorMessageVariable
            escalationCodeVariable errorVariableName initiator taskIdVariableName processInstanceIdVariableName
            elementIndexVariable""",
        Kind.CODE: "formHandlerClass variableMappingClass variableMappingDelegateExpression resource",
        Kind.CHANGES: """skipExpression triggerable variableName variableEvents decisionRef decisionRefBinding
            decisionRefVersion decisionRefVersionTag decisionRefTenantId mapDecisionResult calledElementBinding
            calledElementVersion calledElementVersionTag calledElementTenantId calledElementType caseRef caseBinding
            caseVersion caseTenantId inheritVariables inheritBusinessKey businessKey sameDeployment
            fallbackToDefaultTenant useLocalScopeForResultVariable useLocalScopeForOutParameters transientVariable
            completeAsync autoStoreVariables scope terminateAll terminateMultiInstance endDate errorVariableTransient
            errorVariableLocalScope""",
    }
)
ELEMENTS = _table(
    {
        Kind.HARMLESS: "failedJobRetryTimeCycle properties localization field",
        Kind.PERSONS: "formData formProperty potentialStarter customResource",
        Kind.CODE: """executionListener taskListener eventListener script connector errorEventDefinition
            httpRequestHandler httpResponseHandler""",
        Kind.WRITES: "in out inputOutput",
        Kind.CHANGES: """mapException collection variableAggregation eventType eventInParameter eventOutParameter
            eventCorrelationParameter triggerEventType channelKey""",
    }
)
DEFAULTS = frozenset({"terminateAll", "terminateMultiInstance", "triggerable", "inheritVariables", "completeAsync"})
ENGINES: Mapping[str, str] = {
    "http://camunda.org/schema/zeebe/1.0": "zeebe",
    "http://www.jboss.org/drools": "drools",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "spiffworkflow",
    "http://www.w3.org/2001/XInclude": "xi",
}
DATA = frozenset({"spiffworkflow:properties"})  # named values that their engine does not obey either


def kind(el: Element, name: str) -> Kind | None:
    """Return what a vendor's attribute means on `el`, None when nobody knows it."""
    found = ATTRIBUTES.get(name)
    if found is Kind.MAPPED and tag(el) != "multiInstanceLoopCharacteristics":
        return Kind.CHANGES
    if found is Kind.SERVICE and tag(el) not in ("serviceTask", "businessRuleTask"):
        return Kind.CODE
    value = tree.vendor(el, name)
    pinned = name == "calledElementBinding" and value in ("latest", "deployment")  # what a definition calls is pinned
    default = name in DEFAULTS and value == "false"
    return Kind.HARMLESS if pinned or default or (name == "variableName" and _only(el, value)) else found


def _only(condition: Element, name: str) -> bool:
    """Return whether a conditional event asks for that variable alone, so that no other one can wake it anyway.

    As a field that decides it is called `<step>_<name>`.
    """
    try:
        asked = expressions.names(tree.text(condition, "condition"))
    except expressions.BadExpression:
        return False
    return len(asked) == 1 and all(n == name or n.endswith(f"_{name}") for n in asked)


def foreign(name: str) -> bool:
    """Return whether a name {namespace}word is neither BPMN's, ours, a vendor's nor an engine's: data of a modeller."""
    space = name[1:].split("}")[0] if name.startswith("{") else ""
    return bool(space) and f"{{{space}}}" not in READ and space not in ENGINES


def runs_code(el: Element) -> bool:
    """Return whether a vendor's element holds a script or class, however deep."""
    return any(
        isinstance(e.tag, str) and (ELEMENTS.get(e.tag.split("}")[-1]) is Kind.CODE or e.get("class"))
        for e in el.iter()
    )


def written(el: Element) -> set[str] | None:
    """Return the variables that a vendor's mapping sets, in the flow or in one that it calls; None: all there are."""
    found: set[str] = set()
    for e in el.iter():
        if isinstance(e.tag, str) and e.tag.split("}")[-1] in ("in", "out", "inputParameter", "outputParameter"):
            if e.get("variables"):
                return None
            found |= {e.get("target") or "", e.get("name") or ""} - {""}
    return found


def of_step(el: Element) -> Vendor | None:
    """Return what a file of another engine says of a user task, as it is written there; nothing here obeys it."""
    owners = [owner for text in _resources(el, "potentialOwner") for owner in _listed(text)]
    users = tuple(o[len("user(") : -1].strip() for o in owners if o.startswith("user("))
    groups = tuple(o.removeprefix("group(").removesuffix(")").strip() for o in owners if not o.startswith("user("))
    found = Vendor(
        assignee=tree.vendor(el, "assignee") or next(iter(_resources(el, "humanPerformer")), ""),
        users=_listed(tree.vendor(el, "candidateUsers")) + users,
        groups=_listed(tree.vendor(el, "candidateGroups")) + groups,
        due=tree.vendor(el, "dueDate"),
        form=tree.vendor(el, "formKey"),
    )
    return found if found != Vendor() else None


def _resources(el: Element, role: str) -> list[str]:
    """Return the expressions of BPMN's own resource roles, which those engines write too."""
    return [
        tree.text(assigned, "formalExpression") or (assigned.text or "").strip()
        for found in tree.children(el, role)
        for assigned in tree.children(found, "resourceAssignmentExpression")
    ]


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
