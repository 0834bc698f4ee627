"""Lines without a bullet: which say what was done, which name a project, and which were only wrapped."""

from __future__ import annotations

import time

import pytest

from app.candidate.dates import opens_with_date, trailing_date, without_dates
from app.candidate.extract import extract
from app.candidate.telling import states
from app.candidate.unwrap import unwrap
from tests.unit.test_candidate_extract import assert_nothing_invented, claims, names


@pytest.mark.parametrize(
    "line",
    [
        "Built a fraud model with XGBoost",
        "Reduced MAPE from 18% to 11%",
        "Trained XGBoost models on clicks",
        "Developed A Chatbot Using Rasa",
        "Designed/implemented a parser",
        "Co-founded a small company",
        "Successfully deployed the model",
        "Automated the weekly report",
        "Extended 30 tables with owners",
        "Predicts tides from ten years of readings",
        "Responsible for the forecasts of 300 shops",
        "I built a parser",
    ],
)
def test_a_line_that_opens_with_what_was_done_states(line: str) -> None:
    assert states(line)


@pytest.mark.parametrize(
    "line",
    [
        "Extended Kalman filter for a small drone",
        "Automated essay scoring with BERT",
        "Measures of fairness in lending",
        "Forecasts for a bakery",
        "Applied Scientist, Mirage Maps",
        "Advanced analytics team of Ghost Bank",
        "Lead Data Scientist for search",
        "United Nations of Nowhere",
        "Early work on sleep",
        "Built Dashboards",
        "built a parser in small letters",
        "We Count, a tool for polls",
    ],
)
def test_a_name_that_sounds_like_it_does_not(line: str) -> None:
    assert not states(line)


POST = "EXPERIENCE\nGhost Bank\nData Scientist\n2018 - 2020\n"


@pytest.mark.parametrize(
    "line",
    [
        "Cut the cost of scoring by half",
        "Won the cup of the bank in 2019",
        "Promoted to lead a team of four in 2020",
        "Dashboards in Tableau for the sales team",
        "Main contact of the risk department for models",
        "1. Rewrote the scheduler in Rust",
    ],
)
def test_below_a_dated_title_words_in_small_letters_are_a_statement(line: str) -> None:
    found = extract(
        f"{POST}{line}\nTrained a small CNN on scans\nPhantom Ltd\nAnalyst\n2016 - 2018\nCounted all of the beds"
    )
    assert names(found) == ["Ghost Bank", "Phantom Ltd"]
    assert claims(found) == [line.removeprefix("1. "), "Trained a small CNN on scans", "Counted all of the beds"]


def test_a_post_in_small_letters_and_a_name_above_its_date_open_the_next_entry() -> None:
    found = extract(
        f"{POST}Cut the cost of scoring by half\nMachine learning engineer for search and ads\nPhantom Ltd, 2016 - 2018\n"
        "Counted all of the beds\nInstitute for the study of small beds\n2014 - 2016\nMeasured the length of beds"
    )
    assert names(found) == [
        "Ghost Bank",
        "Machine learning engineer for search and ads",
        "Institute for the study of small beds",
    ]


def test_what_stands_above_a_list_names_it_also_where_it_is_a_sentence() -> None:
    found = extract(
        "PROJECTS\nBuilt a search engine from scratch\n- BM25 and a small cross-encoder\n"
        "Trained a robot to fold towels\n- PPO in Isaac Gym first"
    )
    assert names(found) == ["Built a search engine from scratch", "Trained a robot to fold towels"]


def test_a_sentence_between_a_title_and_its_list_is_a_claim() -> None:
    found = extract("EXPERIENCE\nGhost Bank, 2018 - 2020\nLed a team of four people\n- Trained a small CNN on scans")
    assert names(found) == ["Ghost Bank"]
    assert claims(found) == ["Led a team of four people", "Trained a small CNN on scans"]


def test_below_a_list_a_line_in_small_letters_is_the_next_title() -> None:
    found = extract(f"{POST}- Cut the cost of scoring\nA helper for my mother\n- Reads the letters of the bank")
    assert names(found) == ["Ghost Bank", "A helper for my mother"]


def test_where_projects_are_set_apart_their_midst_holds_no_title() -> None:
    spaced = (
        "PROJECTS\n\nGlove Map\nWrote it with two friends\nImage embeddings find the pair of a glove\n\n"
        "Tide Table\nPredicts the tides of a year"
    )
    assert names(extract(spaced)) == ["Glove Map", "Tide Table"]
    assert claims(extract(spaced))[1] == "Image embeddings find the pair of a glove"
    close = spaced.replace("\n\nTide", "\nTide")
    assert "Image embeddings find the pair of a glove" in names(extract(close))


def test_titles_that_are_worded_alike_are_titles() -> None:
    found = extract(
        "PROJECTS\nPredicting churn for a telecom\nUsed XGBoost on all calls\n"
        "Detecting fake news with transformers\nFine-tuned BERT on headlines"
    )
    assert names(found) == ["Predicting churn for a telecom", "Detecting fake news with transformers"]
    assert claims(found) == ["Used XGBoost on all calls", "Fine-tuned BERT on headlines"]


FIRST, SECOND = "Toxicity classifier", "Chess engine"


@pytest.mark.parametrize(
    "text",
    [
        "1. {} \u2013 fine-tuned BERT on comments\n2. {} \u2013 alpha-beta search in C++",
        "1. {}: fine-tuned BERT on comments.\n2. {}: alpha-beta search in C++.",
        "{} \u2014 fine-tuned BERT on comments\n\n{} \u2014 alpha-beta search in C++",
        "{}: fine-tuned BERT on comments\n\n{}: alpha-beta search in C++",
        "{}: fine-tuned BERT on comments.\n{}: alpha-beta search in C++.",
        "{}. I fine-tuned BERT on comments.\n\n{}. I wrote alpha-beta search in C++.",
        "{} (2023): fine-tuned BERT on comments.\n{} (2021): alpha-beta search in C++.",
        "Project  Description  Tools\n{}  Fine-tuned BERT on comments  PyTorch\n{}  Tried alpha-beta search in C++  Rust, C++",
    ],
)
def test_projects_named_on_the_line_that_tells_of_them(text: str) -> None:
    plain = text.format(FIRST, SECOND)
    for written in (plain, unwrap(plain.replace("  ", "    ").split("\n"))):
        found = extract(f"## Projects\n\n{written}\n\n## Skills\nPython")
        assert_nothing_invented(f"## Projects\n\n{written}\n\n## Skills\nPython", found)
        assert names(found) == [FIRST, SECOND]
        assert [len(project.claims) for project in found.projects] == [1, 1]
        assert not any(FIRST in claim or SECOND in claim or "PyTorch" in claim for claim in claims(found))
        assert "C++" not in [mention.text for mention in found.projects[0].techniques]


def test_numbered_titles_with_lists_keep_their_lists_and_claim_nothing_themselves() -> None:
    found = extract(
        "PROJECTS\n1. Film reviews of the town\n- Used an LSTM on 50k reviews\n2. Stock forecast\n- Forecast with ARIMA daily"
    )
    assert names(found) == ["Film reviews of the town", "Stock forecast"]
    assert claims(found) == ["Used an LSTM on 50k reviews", "Forecast with ARIMA daily"]


def test_the_first_project_may_stand_right_below_the_heading() -> None:
    found = extract("PROJECTS\nMail sorter: sorts the mails of my mother.\n\nChess engine: searches ten moves ahead.")
    assert names(found) == ["Mail sorter", "Chess engine"]


@pytest.mark.parametrize(
    "body",
    [
        "Sorts mails for my mother. It learns from what she drags into the bin.",
        "Goal: sort the mails of my mother.\n\nResults: it sorts nine in ten of them.",
        "Great fun. It was written in one night and sorts all of my mails.",
    ],
)
def test_sentences_and_aspects_of_one_project_are_no_names(body: str) -> None:
    assert names(extract(f"PROJECTS\n{body}")) == [""]


def test_below_a_project_a_name_in_capitals_opens_the_next_one() -> None:
    found = extract(
        "PROJECTS\nSpam Detector\n- Trained naive Bayes on mails\nMovie Recommender: collaborative filtering with ALS.\n"
        "Stars Predictor - regression with LightGBM\nKey Results: a gain of a tenth"
    )
    assert names(found) == ["Spam Detector", "Movie Recommender", "Stars Predictor"]
    labelled = "EXPERIENCE\nGhost Bank, 2018 - 2020\n- Cut costs by half\nFraud Models: built two of them with XGBoost."
    assert names(extract(labelled)) == ["Ghost Bank"]
    told = "PROJECTS\nSpam Detector\nData Pipeline: collects all mails of a year.\nWeb Page: shows them to my mother."
    assert names(extract(told)) == ["Spam Detector"]


def test_a_post_and_its_years_before_what_was_done() -> None:
    found = extract(
        "EXPERIENCE\nData Scientist at Ghost Energy (2020 - 2023). I built load forecasts. They run each hour.\n"
        "Analyst, Phantom Ltd (2018-2020): reports on churn in SQL."
    )
    assert names(found) == ["Data Scientist at Ghost Energy", "Analyst, Phantom Ltd"]
    assert claims(found) == ["I built load forecasts", "They run each hour", "reports on churn in SQL"]


def test_a_date_at_the_end_does_not_hide_the_name_of_a_project_told_in_one_line() -> None:
    found = extract(
        "PROJECTS\nParking Finder: predicts free spots with a GRU (2022)\nPrice Index (2020): prices scraped each day"
    )
    assert names(found) == ["Parking Finder", "Price Index"]


def test_a_period_before_a_title_opens_an_entry_in_spite_of_its_full_stop() -> None:
    found = extract(
        "EXPERIENCE\n2021\u2013present  Applied Scientist, Mirage Maps.\nI find entrances.\n"
        "2017\u20132021  Analyst.\nI counted all the beds."
    )
    assert names(found) == ["Applied Scientist, Mirage Maps", "Analyst"]


def test_a_place_behind_a_date_is_not_the_name() -> None:
    found = extract(
        "EXPERIENCE\n01/03/2020 \u2013 CURRENT \u2013 Turin, Italy\nML ENGINEER \u2013 MIRAGGIO\n- Train models that read invoices"
    )
    assert names(found) == ["ML ENGINEER \u2013 MIRAGGIO"]


def test_the_labels_of_a_form_are_labels_without_a_colon_too() -> None:
    text = unwrap(
        [
            "Work experience",
            "Dates   March 2019 \u2013 June 2022",
            "Occupation or position held   Data Scientist",
            "Main activities and responsibilities   Built credit scores and",
            "XGBoost models of them",
            "Name and address of employer   Nebel Bank, Nowhere",
            "Projects",
            "Project 1: Reef Counter",
            "Description   Counts fish in videos of a reef",
            "Role   Trained the detector and the app",
            "Responsibilities:",
        ]
    )
    found = extract(text)
    assert names(found) == ["Data Scientist", "Reef Counter"]
    assert claims(found) == [
        "Built credit scores and XGBoost models of them",
        "Counts fish in videos of a reef",
        "Trained the detector and the app",
    ]


def test_the_head_of_a_table_keeps_its_columns() -> None:
    assert (
        unwrap(["Description   Tools   Year", "Tools   Git, Docker"]) == "Description  Tools  Year\nTools: Git, Docker"
    )


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # Statements of their own, each as wide as the others.
        (
            ["Built a fraud model with XGBoost on 40M payments", "Reduced false positives by 30% with thresholds"],
            ["Built a fraud model with XGBoost on 40M payments", "Reduced false positives by 30% with thresholds"],
        ),
        # A wrapped sentence whose next line begins with a capital.
        (
            ["We moved all of the nightly scoring from cron to", "Airflow, which", "Trained operators watch"],
            ["We moved all of the nightly scoring from cron to Airflow, which", "Trained operators watch"],
        ),
        (
            ["I wrote the forecasts of the whole warehouse with", "Optimized Stan models of all the beds in the north"],
            ["I wrote the forecasts of the whole warehouse with Optimized Stan models of all the beds in the north"],
        ),
        (
            ["- Cut the latency of the ranker from 180 ms to 45 ms", "DATA ANALYST", "Wraith Foods"],
            ["- Cut the latency of the ranker from 180 ms to 45 ms", "DATA ANALYST", "Wraith Foods"],
        ),
        (
            [
                "- Wrote the learning loop that picks all the images",
                "2017\u20132021 Analyst at Chimera Telecom and more",
            ],
            [
                "- Wrote the learning loop that picks all the images",
                "2017\u20132021 Analyst at Chimera Telecom and more",
            ],
        ),
        (
            [
                "Collaborative filtering on the ratings of MovieLens.",
                "Stars Predictor - regression with small trees on it",
            ],
            [
                "Collaborative filtering on the ratings of MovieLens.",
                "Stars Predictor - regression with small trees on it",
            ],
        ),
        (
            [
                "Churn models in XGBoost and a feature store on Redis.",
                "Analyst, Ed Ltd (2017-2019): weekly reports in SQL",
            ],
            [
                "Churn models in XGBoost and a feature store on Redis.",
                "Analyst, Ed Ltd (2017-2019): weekly reports in SQL",
            ],
        ),
        (
            [
                "\U0001f680 Shipped a matchmaking model to players of a game",
                "\U0001f3b5 Halved the waiting time in the evening",
            ],
            [
                "\U0001f680 Shipped a matchmaking model to players of a game",
                "\U0001f3b5 Halved the waiting time in the evening",
            ],
        ),
    ],
    ids=["statements", "after a comma", "after with", "capitals", "a period", "a dash", "name and date", "pictures"],
)
def test_what_is_a_line_of_its_own_and_what_was_wrapped(lines: list[str], expected: list[str]) -> None:
    assert unwrap(lines).split("\n") == expected


LISTED = [
    "Dashboards in Tableau for the sales team of the north",
    "Forecasts with Prophet for nine hundred shops of a chain",
    "Data contracts with the six teams that write all events",
    "Pipelines in dbt for the finance reports of each month",
]


def test_where_nothing_begins_in_small_letters_nothing_was_wrapped() -> None:
    assert unwrap(LISTED).split("\n") == LISTED
    wrapped = [*LISTED, "", "Reports on all of the outages of the network for the board", "of the company"]
    assert "for the board of the company" in unwrap(wrapped)
    assert len(unwrap(wrapped).split("\n")) < len(wrapped) - 1


def test_pictures_before_headings_titles_and_statements() -> None:
    found = extract(
        "\U0001f4bc Experience\n\nGhost Games | ML Engineer | 2021 \u2013 Present\n\U0001f680 Shipped a model to many players\n"
        "\u2705 Halved the waiting time\n\n\U0001f6e0\ufe0f Projects\n\n\U0001f3b5 Tune Twin\n\U0001f449 Finds songs that sound alike"
    )
    assert names(found) == ["Ghost Games | ML Engineer", "Tune Twin"]
    assert claims(found) == [
        "Shipped a model to many players",
        "Halved the waiting time",
        "Finds songs that sound alike",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Analyst, Ghost Ltd, janv. 2021 \u2013 pr\u00e9sent",
        "Analyst, Ghost Ltd, M\u00e4rz 2018 \u2013 Dezember 2020",
        "Analyst, Ghost Ltd  03/2021 \u2013 heute",
        "Analyst, Ghost Ltd, enero de 2019 a marzo de 2020",
        "Analyst, Ghost Ltd (sept. 2019 \u2013 juni 2023)",
        "Analyst, Ghost Ltd, 2016\u5e744\u6708 \u2013 2017\u5e742\u6708",
        "Analyst, Ghost Ltd, 01/03/2020 - 28/02/2021",
        "Analyst, Ghost Ltd, 1 March 2020 - 2 May 2021",
        "Analyst, Ghost Ltd  2020-03-01 \u2013 2021-02-28",
        "Analyst, Ghost Ltd, Mar/2020 - Apr/2021",
        "Analyst, Ghost Ltd, seit 2019",
    ],
)
def test_dates_in_the_manner_of_several_languages(line: str) -> None:
    begin, end = without_dates(line)
    assert line[begin:end] == "Analyst, Ghost Ltd"


@pytest.mark.parametrize(
    "line", ["Served 2020 marzipan cakes", "A gain of 3 a 4", "Kept all mars bars", "Sold 5 to 2021 people"]
)
def test_words_that_are_months_elsewhere_are_no_dates(line: str) -> None:
    assert trailing_date(line) is None


@pytest.mark.parametrize(
    ("line", "opens"),
    [
        ("2017\u20132021  Analyst", True),
        ("2017 to 2021 Analyst", True),
        ("2017  Analyst", True),
        ("2017 was a good year", False),
        ("2017 - 2021", False),
    ],
)
def test_a_date_before_a_title(line: str, opens: bool) -> None:
    assert opens_with_date(line) is opens


def test_a_date_in_small_letters_belongs_to_the_title() -> None:
    found = extract("EXPERIENCE\nData Scientist, Ghost AB\nsept. 2019 \u2013 juni 2023\nMoved the forecasts to Stan")
    assert claims(found) == ["Moved the forecasts to Stan"]


def test_tools_behind_a_bar_are_not_of_the_name_where_one_of_them_is_known() -> None:
    assert names(extract("PROJECTS\nPaintball | Zorblat, Java, Frobnicate\n- Wrote a small game for friends")) == [
        "Paintball"
    ]


def test_pictures_and_headings_of_a_side_column_are_not_the_persons_name() -> None:
    assert extract("Ann Nobody \U0001f44b\nEngineer\n\nPROJECTS\nGhost\n- Trained a small CNN").name == "Ann Nobody"
    assert extract("Top Skills\nMachine Learning\nRandom Forest\n\nPROJECTS\nGhost\n- Trained a small CNN").name == ""


@pytest.mark.parametrize(
    "piece",
    [
        "Built a thing\n",
        "One two: a b c\n",
        "Ab (2020). a b c\n",
        "1. X\n",
        "A b c d e\n",
        "X  a b c\n",
        "Ab. Cd e f ",
        "2020 - ",
        "1/",
    ],
)
def test_hostile_lines_are_read_in_linear_time(piece: str) -> None:
    for head in ("PROJECTS\nx (2020)\n", "EXPERIENCE\nX, 2020\nBuilt all of it\n"):
        text = head + (piece * 60_000)[:60_000]
        began = time.process_time()
        extract(text)
        unwrap(text.split("\n"))
        assert time.process_time() - began < 5.0
