"""The changes of `bpmn/diff.py` in words: one sentence a change, Chinese or English, from two tables."""

from __future__ import annotations

from engine.bpmn.diff import Change

WHAT = {
    "item": ("事项", "item"),
    "flow": ("所调用的流程", "called flow"),
    "step": ("步骤", "step"),
    "element": ("元素", "element"),
    "way": ("走向", "way"),
    "limit": ("办件时限", "case limit"),
    "separation": ("岗位分离", "separation"),
    "form": ("表单", "form"),
    "field": ("表单字段", "form field"),
    "fact": ("事项要素", "item fact"),
}
ASPECT = {
    "name": ("名称", "the name"),
    "name_en": ("英文名称", "the English name"),
    "post": ("岗位", "the post"),
    "organ": ("机关层级", "the organ"),
    "days": ("步骤时限（工作日）", "the step limit (working days)"),
    "outcomes": ("结论", "the outcomes"),
    "returns": ("可退回的步骤", "the steps it may be sent back to"),
    "persons": ("办理人数", "the number of persons"),
    "marks": ("节点", "the marks"),
    "risks": ("廉政风险", "the risks"),
    "documents": ("文书", "the documents"),
    "vendor": ("其他引擎的写法", "what another engine's file says"),
    "place": ("前一步", "the step before it"),
    "scope": ("所在子流程", "the sub-process around it"),
    "loop": ("重复办理", "the repetition"),
    "kind": ("种类", "the kind"),
    "host": ("所附步骤", "the step it is attached to"),
    "interrupts": ("是否中断", "whether it interrupts"),
    "undo": ("撤销办理", "what undoes it"),
    "event": ("事件", "the event"),
    "call": ("所调用的流程", "the called flow"),
    "order": ("先后", "the order"),
    "condition": ("条件", "the condition"),
    "default": ("是否默认", "whether it is the default"),
    "promise": ("承诺（工作日）", "the promise (working days)"),
    "from": ("起点", "the mark that starts it"),
    "until": ("终点", "the mark that ends it"),
    "type": ("类型", "the type"),
    "required": ("是否必填", "whether it is required"),
    "decides": ("是否影响走向", "whether it decides"),
    "is": ("内容", "the content"),
    "other": ("其他", "other properties"),
}
SENTENCE = {
    "zh": {
        "came": "新增{what}“{where}”{called}。",
        "went": "删除{what}“{where}”{called}。",
        "got": "{what}“{where}”{called}：增加{aspect}“{after}”。",
        "lost": "{what}“{where}”{called}：去掉{aspect}“{before}”。",
        "became": "{what}“{where}”{called}：{aspect}由“{before}”改为“{after}”。",
        "none": "运行的内容没有变化。",
    },
    "en": {
        "came": "New {what} '{where}'{called}.",
        "went": "The {what} '{where}'{called} is gone.",
        "got": "{What} '{where}'{called}: {aspect} is now '{after}', was not given.",
        "lost": "{What} '{where}'{called}: {aspect} was '{before}', is no longer given.",
        "became": "{What} '{where}'{called}: {aspect} was '{before}', is now '{after}'.",
        "none": "Nothing that runs has changed.",
    },
}
YES = {"zh": "是", "en": "yes"}


def sentence(change: Change, lang: str) -> str:
    """Return one change in words; `lang`: zh or en."""
    column = 0 if lang == "zh" else 1
    what, aspect = WHAT[change.what][column], ASPECT.get(change.aspect, (change.aspect,) * 2)[column]
    before, after = (YES[lang] if v == "yes" else v for v in (change.before, change.after))
    called = "" if not change.name else f"（{change.name}）" if lang == "zh" else f" ({change.name})"
    if not change.aspect:
        form = "came" if change.after else "went"
    else:
        form = "got" if not before else "lost" if not after else "became"
    return SENTENCE[lang][form].format(
        what=what, What=what.capitalize(), where=change.where, called=called, aspect=aspect, before=before, after=after
    )


def nothing(lang: str) -> str:
    """Return what is said when two definitions are the same."""
    return SENTENCE[lang]["none"]
