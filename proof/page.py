"""The proof as one page that needs no other file: what was asked, what was found, and what is not reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from reporting.wording import DIMENSION_ZH, LEVEL_ZH, LEVELS

STYLE = """
body{font:15px/1.7 "Noto Sans CJK SC","Microsoft YaHei",sans-serif;max-width:62em;margin:2em auto;
padding:0 1em;color:#222}
table{border-collapse:collapse;margin:.6em 0 1.6em}td,th{border:1px solid #ccc;padding:.2em .7em;text-align:right}
th:first-child,td:first-child{text-align:left}th{background:#f3f3f3}.no{color:#a40000;font-weight:bold}.yes{color:#1b6d1b}
"""
KINDS = {
    "hazard": "灾害",
    "hog_price": "生猪价格",
    "pear_price": "酥梨价格",
    "employment": "就业",
    "site": "安置点就业",
    "settlement": "安置点融入",
    "project": "产业项目",
    "link": "带动关系",
}
GOALS = {
    "pod": "命中率（POD）",
    "pod_low": "命中率 95% 下限",
    "far": "误报率（FAR）",
    "lead_days": "价格、就业冲击的提前天数（中位数，取较低者）",
    "csi_over_single_threshold": "成功指数（CSI）高出单阈值规则",
    "messages_per_change": "每次变化的消息条数（最多）",
}
RIVALS = {"always_warn": "一直预警", "never_warn": "从不预警", "single_threshold": "单阈值（新增困难户占比）"}
DIMENSIONS = ("hazard", "price", "employment", "project", "site", "distress")


def _percent(value: float | None) -> str:
    return "不可知" if value is None else f"{value:.1%}"


def _number(value: Any) -> str:
    if value is None:
        return "不可知"
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _interval(score: Mapping[str, Any]) -> str:
    low, high = _number(score["low"]), _number(score["high"])
    return _number(score["value"]) + ("" if score["value"] is None else f"（{low}–{high}）")


def _table(head: list[str], rows: list[list[str]]) -> str:
    cells = "".join(f"<th>{escape(h)}</th>" for h in head)
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    return f"<table><tr>{cells}</tr>{body}</table>"


def _scores(rows: Mapping[str, Mapping[str, Any]]) -> str:
    head = ["", "命中", "漏报", "误报（地区月）", "POD", "FAR", "CSI", "HSS", "提前天数（中位数）"]
    return _table(
        head,
        [
            [
                escape(name),
                *(_number(one[k]) for k in ("hits", "misses", "false_alarms")),
                *(_interval(one[k]) for k in ("pod", "far", "csi", "hss")),
                _number(one["lead_days"]["median"]),
            ]
            for name, one in rows.items()
        ],
    )


def _goals(goals: Mapping[str, Mapping[str, Any]], alone: Mapping[str, Mapping[str, Any]]) -> str:
    def said(one: Mapping[str, Any]) -> list[str]:
        met = '<span class="yes">达到</span>' if one["met"] else '<span class="no">未达到</span>'
        return [_number(one["figure"]), met]

    rows = [
        [
            GOALS[name],
            ("≥ " if one["sense"] == "at_least" else "≤ ") + _number(one["goal"]),
            *said(one),
            *said(alone[name]),
        ]
        for name, one in goals.items()
    ]
    return _table(["目标（橙色、红色）", "要求", "结果（三类户）", "", "只算跌破监测线", ""], rows)


def _what_if(record: Mapping[str, Any]) -> list[str]:
    """The same worlds with another threshold, if one was asked for."""
    other = record.get("what_if")
    if other is None:
        return []
    before = "、".join(_number(value) for value in other["before"])
    return [
        f"<h2>若阈值 {escape(other['threshold'])} 由 {before} 改为 {_number(other['value'])}</h2>",
        _scores({"现行阈值（橙红）": record["overall"], "改后（橙红）": other["overall"]}),
        (
            "<p>同样的世界、同样的冲击；每乡镇每月新线索由 "
            f"{_number(record['verifications_per_township_month']['value'])} 条变为 "
            f"{_number(other['verifications_per_township_month']['value'])} 条，"
            f"通知由 {record['messages']['notices']} 条变为 {other['messages']['notices']} 条。"
            "按真值调阈值会使评分失去意义，改后须用未看过的种子再证。</p>"
        ),
    ]


def _kinds(kinds: Mapping[str, Mapping[str, Any]]) -> str:
    def spread(counts: Mapping[str, int]) -> str:
        return " ".join(f"{LEVEL_ZH[k]}{counts[k]}" for k in LEVELS if k in counts)

    rows = [
        [
            KINDS[kind],
            _number(one["events"]),
            _number(one["hits"].get("orange_red", 0)),
            _number(one["hits"].get("yellow_up", 0)),
            _number(one["lead_days"]["median"]),
            spread(one["highest_shock_key_in_window"]),
            spread(one["highest_distress_key_in_window"]),
        ]
        for kind, one in kinds.items()
    ]
    head = ["冲击", "有后果的事件", "橙红命中", "黄色以上命中", "提前天数", "窗口内冲击键最高", "窗口内困难键最高"]
    return _table(head, rows)


def _real(found: Mapping[str, Any] | None) -> list[str]:
    """The price rule on real hog prices, if there were any."""
    if found is None:
        return []
    rows = [
        [
            zh,
            str(found[level]["openings"]),
            _number(found[level]["judged_years"]),
            _number(found[level]["return_period_years"]),
            escape("、".join(found[level]["openings_of_the_first_province"])) or "无",
        ]
        for level, zh in (("orange", "橙"), ("red", "红"))
    ]
    head = ["同期跌幅", "开启次数", "省年数", "重现期（年）", "第一省（安徽）的开启周"]
    return [
        (
            f"<h2>真实价格序列</h2><p>{escape(found['file'])}：{found['provinces']} 个省，{found['weeks']} 周。"
            "没有户的真值，只能说规则何时会开启。</p>"
        ),
        _table(head, rows),
    ]


def page_of(record: Mapping[str, Any]) -> str:
    """The page, in Chinese."""
    counts, replayed, constants = record["counts"], record["replayed"], record["constants"]
    missed = [GOALS[k] for k, one in record["goals"].items() if not one["met"]]
    verdict = (
        f'<p class="no">未达到的目标：{escape("；".join(missed))}。</p><p>阈值没有按真值调整；原因见“各类冲击”。</p>'
        if missed
        else '<p class="yes">所列目标全部达到。</p>'
    )
    no_effect = "；".join(
        f"{KINDS[k]} {one['events']} 次中 {one.get('raised', 0)} 次升至橙红" for k, one in record["no_effect"].items()
    )
    best, episodes = record["best_single_threshold"], record["orange_or_red_episodes"]
    load, alarms = record["verifications_per_township_month"], record["false_alarms_by_cause"]
    false = record["false_share_of_warned_months"]
    alone = record["crossings_alone"]
    worst = max((one["false_months"] for one in record["by_world"]), default=0)
    rests = "、".join(f"{DIMENSION_ZH[name]} {alarms[f'rests_on_{name}']}" for name in DIMENSIONS)
    parts = [
        "<h1>守线：预警有多准</h1>",
        (
            f"<p>随机种子 {record['seed']}，{counts['worlds']} 个模拟世界，{counts['shocks']} 次冲击（其中 "
            f"{counts['shocks_with_effect_somewhere']} 次使足够多的户落入三类情形，{counts['shocks_late']} "
            "次被迟到的数据遮住），"
            f"{counts['events_with_effect']} 个“冲击×地区”事件，{counts['region_months_unexplained']} 个平静的地区月。"
            f"模拟的滞后与效应大小不同于系统的默认值（proof/assumptions.py，ADR 0021）。</p>"
        ),
        verdict,
        _goals(record["goals"], alone["goals"]),
        (
            "<p>事件：因该冲击落入三类情形的户（跌破监测线，或未跌破但收入骤减三成以上，即突发严重困难）达到脆弱户的 "
            f"{constants['effect_share']:.0%}（至少 {constants['effect_households']} 户）；"
            f"起点为达到之日，不是文件到达之日。命中窗口：冲击开始至起点后 {constants['late_hit_days']} 天。"
            f"冲击开始至最后一户落入后 {constants['explained_days']} 天内的等级不算误报。均在运行前确定。"
            f"只算跌破监测线时，有后果的事件为 {alone['counts']['events_with_effect']} 个，命中 "
            f"{alone['overall']['hits']} 个，误报 {alone['overall']['false_alarms']} 个地区月。</p>"
        ),
        "<h2>总体与对照</h2>",
        _scores(
            {
                "本系统（橙红）": record["overall"],
                "本系统（黄色以上）": record["overall_yellow_up"],
                **{RIVALS[k]: one for k, one in record["rivals"].items()},
            }
        ),
        (
            f"<p>单阈值规则事先定为 {constants['single_threshold']:.0%}。事后看最好的取值是 {best['threshold']:.0%}，"
            f"CSI {_interval(best['csi'])}；本系统 CSI {_interval(record['overall']['csi'])}。</p>"
        ),
        *_what_if(record),
        "<h2>各规则（只看自己的冲击）</h2>",
        _scores({**record["rules"], **{f"{k}（困难键）": v for k, v in record["distress"].items()}}),
        "<h2>各类冲击</h2>",
        _kinds(record["by_kind"]),
        (
            "<p>等级看冲击有多大、当地多少户靠它生活；价格、就业、安置点就业、产业项目和带动关系要到橙红，还须按"
            "最重情形有足够多的户会跌破监测线或收入骤减（ADR 0023）。灾害和安置点融入不作此测算；没有监测线的年份也"
            "测不了。</p>"
        ),
        f"<p>无后果的冲击：{escape(no_effect) or '无'}。</p>",
        (
            f"<p>误报的地区月：{alarms['soon_after_a_shock_without_effect']} 个在确有冲击、但受害的户不够多的"
            f"头 120 天内，{alarms['otherwise']} 个在此之外（此类冲击多延续更久）。"
            f"其中该要素自身达橙色以上的（可重复计）：{rests}。"
            f"误报最多的一个世界占 {worst} 个；波及面广的冲击按乡镇、按月分别计数。</p>"
            f"<p>橙红过程 {episodes['all']} 次，其中没有一月得到解释的 {episodes['unexplained']} 次；按过程计误报率 "
            f"{_number(episodes['far'])}。橙红的地区月中没有冲击能解释的占 {_percent(false['system'])}"
            f"（逢月必报者 {_percent(false['always_warn'])}）。全部地区日中橙红占 "
            f"{record['warned_share_of_region_days']:.1%}；"
            f"同样的窗口放到没有该冲击的另一世界，碰巧“命中”的占 {_number(record['pod_by_chance']['pod'])}。</p>"
        ),
        "<h2>工作量与消息</h2>",
        (
            f"<p>每乡镇每月新线索 {_number(load['value'])} 条（中位数 {_number(load['median'])}，最多 "
            f"{_number(load['highest'])}；每乡镇 {record['size']['households']} 户）。橙红过程重现期（每地区）"
            f"{_interval(record['return_period_years'])} 年。共 {record['messages']['notices']} 条通知，"
            f"每次变化最多 {record['messages']['most_per_change']} 条。</p>"
        ),
        "<h2>只用当时已知的数据</h2>",
        (
            f"<p>随机 {len(replayed['days'])} 天重新计算（run --as-of 当日 --known-at 次日 2 时）：比对 "
            f"{replayed['compared']} 个地区日，等级不同 {replayed['different']} 个；"
            f"暂缓发布 {replayed['withheld']} 个。"
            f"不同者：{replayed['different_by_reason']['history_begins']} 个在历史开头（此前的月份没有判断），"
            f"{replayed['different_by_reason']['elsewhere']} 个在其他日子（后到的文件可能补齐或更正了当时的值，"
            "ADR 0002；本程序不核实）。</p>"
        ),
        f"<p>用时 {record['seconds']['all']} 秒，其中一次性判断 {record['seconds']['one_pass']} 秒。</p>",
        *_real(record["real_hog_prices"]),
        "<h2>不能说明的</h2>",
        (
            "<p>模拟不是宿州：它说明规则在所设的滞后与效应下会怎样，不说明真实的命中率。"
            "召回率需要每年随机抽查未标记的户；"
            "没有抽查，真实的漏报不可知。监测线只有 2021 年的，其他年份的收入规则答“未知”。</p>"
        ),
    ]
    return (
        f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>守线：预警有多准</title><style>{STYLE}</style>'
        + "".join(parts)
    )


def plain_lines(record: Mapping[str, Any]) -> Iterator[str]:
    """The goals and the figures behind them, for a terminal."""
    counts, replayed = record["counts"], record["replayed"]
    yield (
        f"{counts['worlds']} 个世界，{counts['shocks']} 次冲击，有后果的事件 {counts['events_with_effect']} 个，"
        f"平静地区月 {counts['region_months_unexplained']} 个"
    )
    for name, one in record["goals"].items():
        sense = "≥" if one["sense"] == "at_least" else "≤"
        said = "达到" if one["met"] else "未达到"
        alone = _number(record["crossings_alone"]["goals"][name]["figure"])
        yield (
            f"  {said}  {GOALS[name]}：{_number(one['figure'])}（要求 {sense} {_number(one['goal'])}；"
            f"只算跌破监测线 {alone}）"
        )
    if other := record.get("what_if"):
        yield f"  若 {other['threshold']} = {_number(other['value'])}：" + "，".join(
            f"{name.upper()} {_interval(other['overall'][name])}（现行 {_number(record['overall'][name]['value'])}）"
            for name in ("pod", "far", "csi")
        )
    best = record["best_single_threshold"]
    yield f"  单阈值规则事后最好的取值 {best['threshold']:.0%}：CSI {_interval(best['csi'])}"
    chance, share = record["pod_by_chance"]["pod"], record["warned_share_of_region_days"]
    yield f"  橙红占全部地区日 {share:.1%}；同样的窗口在另一世界碰巧命中 {_number(chance)}"
    for kind, one in record["by_kind"].items():
        yield (
            f"  {KINDS[kind]}：{one['events']} 个事件，橙红命中 {one['hits'].get('orange_red', 0)}，"
            f"提前 {_number(one['lead_days']['median'])} 天"
        )
    yield (
        f"重新计算 {len(replayed['days'])} 天：比对 {replayed['compared']} 个地区日，不同 {replayed['different']} 个"
    )
