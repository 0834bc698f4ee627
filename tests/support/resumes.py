"""Resumes of people who do not exist, in the file formats and layouts that people send.

Each builder returns a `FictionalFile` that also says what a careful reader would find in it, so that tests and
measurements hold a reader against what was written and not against what it happened to return.
"""

from __future__ import annotations

import io
import json
import textwrap
from dataclasses import dataclass

import docx
from docx.shared import Pt
from fpdf import FPDF
from fpdf.enums import XPos, YPos


@dataclass(frozen=True, slots=True)
class Entry:
    """A project or position as written in the resume."""

    title: str
    when: str
    bullets: tuple[str, ...]
    techniques: frozenset[str]
    """Every technique that its words name, in the spelling of the resume."""
    where: str = ""
    position: bool = False
    """Whether it stands under Experience and not under Projects."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone fictional."""

    name: str
    headline: str
    contact: str
    summary: str
    entries: tuple[Entry, ...]
    skills: tuple[tuple[str, tuple[str, ...]], ...]
    education: tuple[str, ...]

    @property
    def positions(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.position)

    @property
    def projects(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if not entry.position)


@dataclass(frozen=True, slots=True)
class FictionalFile:
    """A file and who it is about."""

    layout: str
    file_name: str
    media_type: str
    data: bytes
    person: Person


PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MARKDOWN = "text/markdown"
TEXT = "text/plain"
JSON = "application/json"

ASHA = Person(
    name="Asha Verne-Fictional",
    headline="Machine Learning Engineer",
    contact="asha@example.invalid | +00 000 0000 | Port Example | github.example.invalid/asha",
    summary="Machine learning engineer with four years of work on language models and medical images. "
    "Likes measured results and small models.",
    entries=(
        Entry(
            "Machine Learning Engineer",
            "Mar 2024 - Present",
            (
                "Fine-tuned a 7B instruction model with QLoRA on 48,000 support tickets, which raised the share of "
                "drafts "
                "that agents sent unchanged from 31% to 52%.",
                "Served the 4-bit quantized model with vLLM on two GPUs and cut the p95 latency from 2.9 s to 1.1 s "
                "through continuous batching.",
                "Set up MLflow tracking and nightly regression tests for every adapter before it could be released.",
            ),
            frozenset({"Fine-tuned", "QLoRA", "4-bit", "quantized", "vLLM", "continuous batching", "MLflow"}),
            where="Lanternfish Support Systems",
            position=True,
        ),
        Entry(
            "Data Scientist",
            "Jul 2021 - Feb 2024",
            (
                "Built a churn model with XGBoost on 2.1 million subscribers; the lift in the top decile was 3.4 and "
                "the "
                "retention team saved about 9% of the accounts it called.",
                "Handled the class imbalance with class weights instead of SMOTE after SMOTE had hurt calibration.",
                "Explained single predictions to the call centre with SHAP values.",
            ),
            frozenset({"XGBoost", "class imbalance", "class weights", "SMOTE", "calibration", "SHAP"}),
            where="Greyheron Telecom",
            position=True,
        ),
        Entry(
            "Support Assistant with LoRA",
            "2024",
            (
                "Trained LoRA adapters of rank 16 on the query and value projections of Mistral, with 0.4% of the "
                "weights "
                "trainable.",
                "Compared LoRA with full fine-tuning on a held-out set of 1,200 tickets and found no significant "
                "difference "
                "in the rubric score.",
            ),
            frozenset({"LoRA", "Mistral", "fine-tuning"}),
        ),
        Entry(
            "CT Scan Nodule Classifier",
            "2023",
            (
                "Classified 14,000 CT scan slices into benign and malignant with a CNN based on ResNet50 and "
                "transfer "
                "learning from ImageNet, reaching a recall of 0.93 at a precision of 0.81.",
                "Split the data by patient so that slices of one person never stood on both sides, after finding "
                "data leakage "
                "in the first version.",
                "Used Grad-CAM to check that the network looked at the nodule and not at the scanner's label.",
            ),
            frozenset(
                {"CNN", "ResNet50", "transfer learning", "ImageNet", "recall", "precision", "data leakage", "Grad-CAM"}
            ),
        ),
        Entry(
            "Subscriber Churn with XGBoost",
            "2022",
            (
                "Engineered 140 features from call records with pandas and tuned XGBoost with Optuna over 200 trials.",
                "Chose the threshold from the cost of a call against the value of an account instead of from the F1 "
                "score.",
            ),
            frozenset({"XGBoost", "pandas", "Optuna", "F1 score"}),
        ),
        Entry(
            "Question Answering over Manuals (RAG)",
            "2024",
            (
                "Built a RAG pipeline over 3,000 pages of device manuals with sentence-transformers embeddings, a "
                "FAISS index "
                "and a cross-encoder reranker.",
                "Measured recall@5 on 250 written questions and raised it from 0.68 to 0.87 by chunking along "
                "headings.",
            ),
            frozenset(
                {
                    "Question Answering",
                    "RAG",
                    "sentence-transformers",
                    "embeddings",
                    "FAISS",
                    "cross-encoder",
                    "reranker",
                    "recall",
                    "chunking",
                }
            ),
        ),
    ),
    skills=(
        ("Languages", ("Python", "SQL", "Bash")),
        ("Frameworks", ("PyTorch", "Hugging Face Transformers", "scikit-learn", "XGBoost")),
        ("Tools", ("Docker", "Kubernetes", "Airflow", "Git")),
    ),
    education=(
        "MSc Computer Science, University of Port Example, 2019 - 2021",
        "BSc Mathematics, Example College, 2016 - 2019",
    ),
)

MILO = Person(
    name="Milo Quillfeather",
    headline="AI Engineer",
    contact="milo@example.invalid",
    summary="AI engineer who ships retrieval systems and measures them.",
    entries=(
        Entry(
            "AI Engineer",
            "Jan 2023 - Present",
            (
                "Shipped a RAG assistant for 400 field engineers with LangChain, Qdrant and GPT-4.",
                "Wrote an evaluation set of 600 questions and stopped two releases that had lowered faithfulness.",
                "Cut the cost of an answer by 63% with prompt caching and a smaller model for easy questions.",
            ),
            frozenset({"RAG", "LangChain", "Qdrant", "GPT-4", "faithfulness", "prompt caching"}),
            where="Bramblewick Tools",
            position=True,
        ),
        Entry(
            "Backend Developer",
            "Aug 2019 - Dec 2022",
            (
                "Ran a FastAPI service on Kubernetes that answered 900 requests a second.",
                "Moved the event log from RabbitMQ to Kafka without losing a message.",
            ),
            frozenset({"FastAPI", "Kubernetes", "RabbitMQ", "Kafka"}),
            where="Ottermere Logistics",
            position=True,
        ),
        Entry(
            "Sarcasm Detector",
            "2022",
            (
                "Fine-tuned BERT on 28,000 headlines and reached a macro F1 of 0.88 against 0.79 for a TF-IDF "
                "baseline with "
                "logistic regression.",
                "Distilled it into a DistilBERT that runs in 9 ms on a CPU.",
            ),
            frozenset({"Fine-tuned", "BERT", "macro F1", "TF-IDF", "logistic regression", "Distilled", "DistilBERT"}),
        ),
        Entry(
            "Bird Call Recogniser",
            "2021",
            (
                "Trained a CNN on mel spectrograms of 52 species with data augmentation and early stopping.",
                "Exported it to ONNX and ran it on a phone with int8 quantization.",
            ),
            frozenset(
                {"CNN", "mel spectrograms", "data augmentation", "early stopping", "ONNX", "int8", "quantization"}
            ),
        ),
    ),
    skills=(("", ("Python", "TypeScript", "PyTorch", "LangChain", "Docker", "PostgreSQL")),),
    education=("BSc Informatics", "Quill College", "2015 - 2019"),
)

ODALYS = Person(
    name="Odalys Brackenridge",
    headline="Data Scientist",
    contact="odalys@example.invalid | Nowhere-on-Sea",
    summary="Data scientist for pricing and demand.",
    entries=(
        Entry(
            "Senior Data Scientist",
            "2022 - Present",
            (
                "Forecast weekly demand for 18,000 products with LightGBM and quantile regression, which lowered the "
                "waste by 12%.",
                "Ran 40 A/B tests and introduced CUPED, so that tests end in nine days instead of fourteen.",
            ),
            frozenset({"LightGBM", "quantile regression", "A/B tests", "CUPED"}),
            where="Pepperpot Grocers",
            position=True,
        ),
        Entry(
            "Data Analyst",
            "2019 - 2022",
            ("Segmented 600,000 shoppers with k-means and PCA and described the segments with the marketing team.",),
            frozenset({"k-means", "PCA"}),
            where="Foxglove Retail",
            position=True,
        ),
        Entry(
            "Credit Default Model",
            "2023",
            (
                "Compared a random forest with logistic regression under cross-validation and kept the logistic "
                "regression, "
                "since the AUC differed by 0.004 only.",
                "Calibrated the probabilities with isotonic regression.",
            ),
            frozenset(
                {
                    "random forest",
                    "logistic regression",
                    "cross-validation",
                    "AUC",
                    "Calibrated",
                    "isotonic regression",
                }
            ),
        ),
        Entry(
            "Price Elasticity Study",
            "2021",
            (
                "Estimated elasticities with difference-in-differences and instrumental variables on two years of "
                "receipts.",
            ),
            frozenset({"difference-in-differences", "instrumental variables"}),
        ),
    ),
    skills=(
        ("Methods", ("Causal inference", "Time series", "Bayesian optimization")),
        ("Tools", ("R", "Python", "dbt", "Tableau")),
    ),
    education=("MSc Statistics, Brackenridge Institute, 2017 - 2019",),
)

TEODOR = Person(
    name="Teodor Plumwick",
    headline="Research Engineer",
    contact="teodor@example.invalid",
    summary="Works on efficient training.",
    entries=(
        Entry(
            "Research Engineer, Halcyon Plum Labs",
            "Sep 2022 - Present",
            (
                "Trained 1.3B Transformer models on 64 GPUs with FSDP and mixed precision.",
                "Replaced attention with FlashAttention and gradient checkpointing, which gave 1.8 times the "
                "throughput.",
            ),
            frozenset({"Transformer", "FSDP", "mixed precision", "FlashAttention", "gradient checkpointing"}),
            position=True,
        ),
        Entry(
            "Preference Tuning of a Small Chat Model",
            "2024",
            (
                "Aligned a 1B model with DPO on 60,000 pairs and compared it with PPO-based RLHF.",
                "Found reward hacking in the PPO run and reported it with examples.",
            ),
            frozenset({"Preference Tuning", "DPO", "PPO", "RLHF", "reward hacking"}),
        ),
        Entry(
            "Diffusion for Tilesets",
            "2023",
            (
                "Trained a latent diffusion model with a U-Net and classifier-free guidance on 9,000 tiles.",
                "Measured FID against a StyleGAN baseline.",
            ),
            frozenset({"latent diffusion", "U-Net", "classifier-free guidance", "FID", "StyleGAN"}),
        ),
    ),
    skills=(("Core", ("PyTorch", "JAX", "Triton", "CUDA")), ("Other", ("C++", "Slurm"))),
    education=("MSc Machine Learning, Plumwick University, 2020 - 2022",),
)

INES = Person(
    name="Ines Marrowby",
    headline="Data Engineer",
    contact="ines@example.invalid",
    summary="Builds pipelines that can be run twice.",
    entries=(
        Entry(
            "Data Engineer",
            "06/2021 - present",
            (
                "Moved 140 nightly jobs from cron to Airflow and made each of them idempotent, so that a failed "
                "night could be "
                "run again by pressing one button.",
                "Wrote Spark jobs in Scala over 9 TB of click logs and cut the bill by 41% through partition pruning.",
            ),
            frozenset({"Airflow", "Spark", "Scala"}),
            where="Thistledown Media",
            position=True,
        ),
        Entry(
            "Feature Store",
            "2023",
            (
                "Introduced Feast on Redis with point-in-time joins, which ended the training-serving skew of the "
                "ranking model.",
                "Streamed features from Kafka with Flink at 30,000 events a second.",
            ),
            frozenset(
                {"Feature Store", "Feast", "Redis", "point-in-time joins", "training-serving skew", "Kafka", "Flink"}
            ),
        ),
        Entry(
            "News Recommender",
            "2022",
            (
                "Built a two-tower model in TensorFlow for candidate generation and ranked the candidates with "
                "gradient boosting.",
                "Watched for data drift with the population stability index and set up automatic retraining.",
            ),
            frozenset(
                {
                    "two-tower",
                    "TensorFlow",
                    "candidate generation",
                    "gradient boosting",
                    "data drift",
                    "population stability index",
                    "automatic retraining",
                }
            ),
        ),
    ),
    skills=(("", ("Python", "Scala", "SQL", "Airflow", "Spark", "Kafka", "dbt", "Snowflake")),),
    education=("BSc Information Systems, Marrowby Polytechnic, 2017 - 2021",),
)

RUFUS = Person(
    name="Rufus Tamsin-Oake",
    headline="Research Scientist",
    contact="rufus@example.invalid",
    summary="",
    entries=(
        Entry(
            "Efficient Vision Transformers",
            "2024",
            (
                "Improved the efficiency of a ViT classifier with token pruning and knowledge distillation, at a "
                "difference of "
                "0.3 points of accuracy.",
                "Fine-tuned with LoRA and offline data augmentation on affordable hardware.",
            ),
            frozenset(
                {
                    "Vision Transformers",
                    "ViT",
                    "token pruning",
                    "knowledge distillation",
                    "accuracy",
                    "Fine-tuned",
                    "LoRA",
                    "data augmentation",
                }
            ),
        ),
        Entry(
            "Self-Supervised Learning for X-Rays",
            "2023",
            (
                "Pretrained an encoder with contrastive learning on 220,000 unlabelled images and tested transfer "
                "learning on "
                "five small datasets.",
            ),
            frozenset(
                {"Self-Supervised Learning", "Pretrained", "encoder", "contrastive learning", "transfer learning"}
            ),
        ),
    ),
    skills=(("Skills", ("PyTorch", "JAX", "OpenCV")),),
    education=("PhD Computer Science, Oake University, 2020 - 2024",),
)

WILHELMINA = Person(
    name="Wilhelmina Starling-Frost",
    headline="ML Engineer",
    contact="wilhelmina@example.invalid",
    summary="Works on search and ranking.",
    entries=(
        Entry(
            "ML Engineer",
            "2021-05 - Present",
            (
                "Replaced BM25 by hybrid search with Elasticsearch and dense retrieval; NDCG rose from 0.61 to 0.70.",
                "Trained a LambdaMART ranker on click data with inverse propensity weighting.",
            ),
            frozenset(
                {
                    "BM25",
                    "hybrid search",
                    "Elasticsearch",
                    "dense retrieval",
                    "NDCG",
                    "LambdaMART",
                    "inverse propensity weighting",
                }
            ),
            where="Frostbyte Books",
            position=True,
        ),
        Entry(
            "Anomaly Watch",
            "2020-01 - 2020-06",
            ("Found faulty meters with an isolation forest and an autoencoder on hourly readings.",),
            frozenset({"isolation forest", "autoencoder"}),
        ),
    ),
    skills=(("Search", ("Elasticsearch", "FAISS")), ("Languages", ("Python", "Java"))),
    education=("MSc Computational Linguistics, Frost University, 2019 - 2021",),
)


class _Pdf(FPDF):
    running = ""
    """Words at the foot of every page, before its number."""

    def footer(self) -> None:
        if self.running:
            self.set_y(-14)
            self.set_font("Helvetica", "", 8)
            self.cell(0, 5, f"{self.running} - Page {self.page_no()} of 2", align="C")

    def line_of(self, text: str, *, size: float = 10, style: str = "", height: float = 5) -> None:
        self.set_font("Helvetica", style, size)
        self.cell(0, height, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def headed(self, left: str, right: str) -> None:
        """A title with its date at the right margin."""
        self.set_font("Helvetica", "B", 10.5)
        self.cell(0, 5.5, left)
        self.set_font("Helvetica", "I", 9.5)
        self.set_x(self.l_margin)
        self.cell(0, 5.5, right, align="R", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def bullet(self, text: str, *, width: float = 0, x: float = 0) -> None:
        self.set_font("Helvetica", "", 10)
        left = x or self.l_margin
        self.set_x(left)
        self.cell(4, 5, "\u2022")
        self.set_x(left + 4)
        self.multi_cell(width, 5, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def heading(self, text: str, *, x: float = 0) -> None:
        self.ln(3)
        self.set_x(x or self.l_margin)
        self.set_font("Helvetica", "B", 12)
        self.cell(0, 7, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _encoded(pdf: FPDF) -> bytes:
    return bytes(pdf.output())


def two_page_pdf(person: Person = ASHA) -> FictionalFile:
    """One column over two pages; dates at the right margin; wrapped bullets; a page footer."""
    pdf = _Pdf(format="A4")
    pdf.core_fonts_encoding = "cp1252"
    pdf.set_margins(20, 30)
    pdf.set_auto_page_break(True, 45)
    pdf.running = person.name
    pdf.add_page()
    pdf.line_of(person.name, size=20, style="B", height=10)
    pdf.line_of(person.headline, size=12, height=6)
    pdf.line_of(person.contact, size=9)
    pdf.heading("SUMMARY")
    pdf.set_font("Helvetica", "", 10)
    pdf.multi_cell(0, 5, person.summary, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    for title, entries in (("EXPERIENCE", person.positions), ("PROJECTS", person.projects)):
        pdf.heading(title)
        for entry in entries:
            pdf.headed(entry.title, entry.when)
            if entry.where:
                pdf.line_of(entry.where, style="I")
            for bullet in entry.bullets:
                pdf.bullet(bullet)
            pdf.ln(2)
    pdf.heading("SKILLS")
    for label, values in person.skills:
        pdf.line_of(f"{label}: {', '.join(values)}")
    pdf.heading("EDUCATION")
    for school in person.education:
        pdf.line_of(school)
    assert pdf.page_no() == 2
    return FictionalFile("pdf, one column, two pages", "asha.pdf", PDF, _encoded(pdf), person)


def two_column_pdf(person: Person = MILO) -> FictionalFile:
    """A narrow column with skills and education beside a wide one with the work, drawn line by line across both."""
    pdf = _Pdf(format="A4")
    pdf.core_fonts_encoding = "cp1252"
    pdf.set_margins(15, 15)
    pdf.add_page()
    pdf.line_of(person.name, size=20, style="B", height=10)
    pdf.line_of(person.headline, size=12, height=6)
    pdf.ln(4)
    top = pdf.get_y()
    side: list[tuple[str, str]] = [("B", "CONTACT"), ("", person.contact), ("", ""), ("B", "SKILLS")]
    side += [("", skill) for _, values in person.skills for skill in values]
    side += [("", ""), ("B", "EDUCATION"), *(("", line) for line in person.education)]
    main: list[tuple[str, float, str]] = []
    for title, entries in (("EXPERIENCE", person.positions), ("PROJECTS", person.projects)):
        main.append(("B", 0, title))
        for entry in entries:
            main.append(("B", 0, f"{entry.title}, {entry.where}" if entry.where else entry.title))
            main.append(("I", 0, entry.when))
            for bullet in entry.bullets:
                pieces = textwrap.wrap(bullet, 62)
                main.append(("", 0, "\u2022 " + pieces[0]))
                main += [("", 3, piece) for piece in pieces[1:]]
        main.append(("", 0, ""))
    for row in range(max(len(side), len(main))):
        y = top + row * 5.2
        for x, cell in ((15.0, side[row] if row < len(side) else None), (72.0, None)):
            if cell and cell[1]:
                pdf.set_xy(x, y)
                pdf.set_font("Helvetica", cell[0], 9.5)
                pdf.cell(50, 5, cell[1])
        if row < len(main) and main[row][2]:
            style, indent, text = main[row]
            pdf.set_xy(72 + indent, y)
            pdf.set_font("Helvetica", style, 9.5)
            pdf.cell(120, 5, text)
    return FictionalFile("pdf, two columns", "milo.pdf", PDF, _encoded(pdf), person)


def headed_docx(person: Person = ODALYS) -> FictionalFile:
    """Word with heading styles, list bullets, and the skills in a table."""
    document = docx.Document()
    document.add_heading(person.name, 0)
    document.add_paragraph(f"{person.headline} | {person.contact}")
    document.add_heading("Profile", 1)
    document.add_paragraph(person.summary)
    for title, entries in (("Work Experience", person.positions), ("Selected Projects", person.projects)):
        document.add_heading(title, 1)
        for entry in entries:
            document.add_heading(f"{entry.title}, {entry.where}" if entry.where else entry.title, 2)
            document.add_paragraph(entry.when)
            for bullet in entry.bullets:
                document.add_paragraph(bullet, style="List Bullet")
    document.add_heading("Technical Skills", 1)
    table = document.add_table(rows=0, cols=2)
    for label, values in person.skills:
        cells = table.add_row().cells
        cells[0].text = label
        cells[1].text = ", ".join(values)
    document.add_heading("Education", 1)
    for school in person.education:
        document.add_paragraph(school)
    return FictionalFile("docx, heading styles", "odalys.docx", DOCX, _saved(document), person)


def plain_docx(person: Person = MILO) -> FictionalFile:
    """Word without styles: bold headings, a tab before the date, typed bullets, a layout table for two columns."""
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    left.paragraphs[0].add_run(person.name).bold = True
    for line in ("Skills", *(skill for _, values in person.skills for skill in values), "Education", *person.education):
        paragraph = left.add_paragraph()
        run = paragraph.add_run(line)
        run.bold = line in ("Skills", "Education")
    right.paragraphs[0].add_run(person.headline)
    for title, entries in (("Professional Experience", person.positions), ("Personal Projects", person.projects)):
        run = right.add_paragraph().add_run(title)
        run.bold, run.font.size = True, Pt(13)
        for entry in entries:
            line = f"{entry.title} - {entry.where}" if entry.where else entry.title
            right.add_paragraph().add_run(f"{line}\t{entry.when}").bold = True
            for bullet in entry.bullets:
                right.add_paragraph(f"\u2022 {bullet}")
    return FictionalFile("docx, layout table", "milo.docx", DOCX, _saved(document), person)


def _saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def markdown(person: Person = TEODOR) -> FictionalFile:
    """Markdown with emphasis, links and soft-wrapped list items."""
    lines = [f"# {person.name}", "", f"*{person.headline}* | <{person.contact}>", "", person.summary, ""]
    for title, entries in (("Experience", person.positions), ("Projects", person.projects)):
        lines += [f"## {title}", ""]
        for entry in entries:
            lines += [f"### [{entry.title}](https://example.invalid/p) ({entry.when})", ""]
            for bullet in entry.bullets:
                first, *rest = textwrap.wrap(bullet, 70)
                lines += [f"* {first}", *(f"  {line}" for line in rest)]
            lines.append("")
    lines += ["## Skills", ""]
    lines += [f"- **{label}:** {', '.join(values)}" for label, values in person.skills]
    lines += ["", "## Education", "", *person.education]
    return FictionalFile("markdown", "teodor.md", MARKDOWN, "\n".join(lines).encode(), person)


def wrapped_text(person: Person = INES) -> FictionalFile:
    """Text wrapped at 72 columns with words broken at line ends; blank lines between entries; underlined headings."""
    lines = [person.name.upper(), person.headline, person.contact, ""]
    lines += textwrap.wrap(person.summary, 72)
    for title, entries in (("Employment History", person.positions), ("Projects", person.projects)):
        lines += ["", title, "-" * len(title)]
        for entry in entries:
            head = f"{entry.where}, {entry.title}" if entry.where else entry.title
            lines += ["", f"{head} ({entry.when})"]
            for bullet in entry.bullets:
                lines += _broken(f" * {bullet}", 52, "   ")
    lines += ["", "Skills", "------", ", ".join(person.skills[0][1]), "", "Education", "---------", *person.education]
    return FictionalFile(
        "text, wrapped and hyphenated", "ines.txt", TEXT, "\r\n".join(lines).encode("utf-8-sig"), person
    )


def _broken(text: str, width: int, indent: str) -> list[str]:
    """Lines of `text`; where at least three letters fit, a long word is broken with a hyphen."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        candidate = f"{line} {word}" if line.strip() else line + (" " if line == "" and not lines else "") + word
        if len(candidate) <= width:
            line = candidate
            continue
        room = width - len(line) - 2
        if word.isalpha() and len(word) >= 7 and 3 <= room <= len(word) - 3:
            lines.append(f"{line} {word[:room]}-")
            line = indent + word[room:]
        else:
            lines.append(line)
            line = indent + word
    return [*lines, line]


def prose_text(person: Person = ODALYS) -> FictionalFile:
    """UTF-16 text without bullets: each entry is a title, a date line and a paragraph of sentences."""
    lines = [person.name, person.contact, "", "WORK EXPERIENCE", ""]
    for title, entries in (("", person.positions), ("ACADEMIC PROJECTS", person.projects)):
        if title:
            lines += [title, ""]
        for entry in entries:
            head = f"{entry.title} | {entry.where} | {entry.when}" if entry.where else f"{entry.title} | {entry.when}"
            lines += [head, *textwrap.wrap(" ".join(entry.bullets), 80), ""]
    lines += ["SKILLS", *(f"{label}: {', '.join(values)}" for label, values in person.skills)]
    return FictionalFile("text, prose", "odalys.txt", TEXT, "\n".join(lines).encode("utf-16"), person)


def json_resume(person: Person = WILHELMINA) -> FictionalFile:
    """The JSON Resume schema."""

    def dates(when: str) -> dict[str, str]:
        start, _, end = when.partition(" - ")
        return {"startDate": start} | ({} if end == "Present" else {"endDate": end})

    document = {
        "$schema": "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
        "basics": {"name": person.name, "label": person.headline, "email": person.contact, "summary": person.summary},
        "work": [
            {"name": entry.where, "position": entry.title, **dates(entry.when), "highlights": list(entry.bullets)}
            for entry in person.positions
        ],
        "projects": [
            {"name": entry.title, **dates(entry.when), "highlights": list(entry.bullets)} for entry in person.projects
        ],
        "skills": [{"name": label, "keywords": list(values)} for label, values in person.skills],
        "education": [{"institution": "Frost University", "area": "Computational Linguistics", "studyType": "MSc"}],
    }
    return FictionalFile("json resume", "wilhelmina.json", JSON, json.dumps(document).encode(), person)


def typeset_pdf(person: Person = RUFUS) -> FictionalFile:
    """As TeX sets it: kerning instead of spaces; fi, ff and ffi as one glyph; words broken at line ends."""
    rows: list[tuple[float, float, float, str]] = [(72, 760, 16, person.name), (72, 742, 10, person.contact)]
    y = 715.0
    for kind, text, when in _typeset_lines(person):
        x, size = {
            "heading": (72.0, 12.0),
            "title": (72.0, 10.0),
            "text": (72.0, 10.0),
            "more": (90.0, 10.0),
            "bullet": (82.0, 10.0),
        }[kind]
        y -= 22 if kind == "heading" else 12
        rows.append((x, y, size, text))
        if when:
            rows.append((500, y, size, when))
    stream = "\n".join(f"BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm {_kerned(text)} TJ ET" for x, y, size, text in rows)
    return FictionalFile("pdf, typeset", "rufus.pdf", PDF, raw_pdf([stream]), person)


def _typeset_lines(person: Person) -> list[tuple[str, str, str]]:
    lines: list[tuple[str, str, str]] = [("heading", "Research Projects", "")]
    for entry in person.projects:
        lines.append(("title", entry.title, entry.when))
        for bullet in entry.bullets:
            first, *rest = _broken(bullet, 66, "")
            lines += [("bullet", "\u2022 " + first.strip(), ""), *(("more", line, "") for line in rest)]
    lines.append(("heading", "Technical Skills", ""))
    lines += [("text", f"{label}: {', '.join(values)}", "") for label, values in person.skills]
    lines.append(("heading", "Education", ""))
    lines += [("text", school, "") for school in person.education]
    return lines


def _kerned(text: str) -> str:
    glyphs = text.replace("ffi", "\x03").replace("fi", "\x01").replace("ff", "\x02").replace("\u2022", "\x04")
    words = [word.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for word in glyphs.split(" ")]
    return "[" + " -333 ".join(f"({word})" for word in words) + "]"


def raw_pdf(pages: list[str]) -> bytes:
    """A PDF with these content streams; character codes 1 to 4 are the glyphs fi, ff, ffi and bullet."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(count))
    widths = " ".join(["500"] * 256)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /CMR10 /FirstChar 0 /LastChar 255 "
        f"/Widths [{widths}] /Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding "
        "/Differences [1 /fi /ff /ffi /bullet] >> >>",
    ]
    for i, stream in enumerate(pages):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {5 + 2 * i} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream.encode('latin-1'))} >>\nstream\n{stream}\nendstream")
    out = io.BytesIO()
    out.write(b"%PDF-1.5\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1"))
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{offset:010d} 00000 n \n" for offset in offsets).encode())
    out.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def all_layouts() -> tuple[FictionalFile, ...]:
    """One file of each layout."""
    return (
        two_page_pdf(),
        two_column_pdf(),
        typeset_pdf(),
        headed_docx(),
        plain_docx(),
        markdown(),
        wrapped_text(),
        prose_text(),
        json_resume(),
    )
