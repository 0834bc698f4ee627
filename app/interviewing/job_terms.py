"""How job descriptions speak of what the corpus asks about: phrases, then `>` and topics; `@` marks a whole round.

Only phrases that mean one thing there. A phrase is met as whole words, in any case; hyphen and blank are one.
"""

from __future__ import annotations

TOPICS = """
machine learning fundamentals | classical machine learning | statistical learning | machine learning
  algorithms
  > model-selection, overfitting, bias-variance, generalization
supervised learning | unsupervised learning
  > learning-paradigms, clustering, unsupervised-learning
deep learning | neural networks | neural network
  > deep-learning, neural-network, deep-networks, backpropagation, training
transformer | transformers | attention | foundation models
  > transformer, attention
llm | llms | large language models | large language model | generative ai | genai | gpt
  > llm, language-models, prompting, llm-evaluation
prompting | prompt engineering | prompt design
  > prompting, in-context-learning
rag | retrieval augmented generation | retrieval pipelines
  > rag, rag-evaluation, chunking
agents | agentic | tool use | tool calling
  > agents, tool-use, llm-agents, agent-evaluation
fine-tuning | fine-tune | finetuning | finetune | adapting models
  > fine-tuning, adapting-a-model, transfer-learning, instruction-tuning
lora | peft | qlora
  > lora, qlora, fine-tuning
rlhf | preference tuning | dpo | alignment
  > rlhf, preference-tuning, dpo, reward-models, human-feedback
embeddings | vector search | vector databases | vector database | semantic search
  > embeddings, vector-search, semantic-search
nlp | natural language processing | text classification | text analytics
  > nlp, text-classification, text-preprocessing
computer vision | image recognition | image processing | video understanding
  > computer-vision, cnn, object-detection
object detection
  > object-detection, detection-metrics
time series | forecasting | demand planning
  > forecasting, time-series, backtesting
recommender systems | recommendation systems | recommendations | recommendation | personalization |
  personalisation
  > recommender-systems, ranking, collaborative-filtering, cold-start
ranking | learning to rank | search relevance | search ranking
  > ranking, ranking-metrics, learning-to-rank, search
reinforcement learning | bandits
  > reinforcement-learning, policy-gradient, bandits, exploration
anomaly detection | outlier detection
  > anomaly-detection, outliers
fraud | fraud detection | risk models
  > fraud-detection, card-fraud, imbalanced-data
churn | retention
  > churn, retention, customer-churn
gradient boosting | xgboost | lightgbm | tree-based models | decision trees
  > gradient-boosting, decision-tree, random-forest, bagging-boosting
regression | linear models | logistic regression
  > linear-regression, logistic-regression, regression, linear-models
clustering | segmentation of customers | customer segmentation
  > clustering, k-means, customer-segmentation
feature engineering | feature pipelines | feature stores | feature store
  > feature-engineering, features, feature-store, feature-selection
data quality | data validation | data cleaning | clean data | messy data
  > data-quality, missing-data, data-preparation, data-leakage
data pipelines | data pipeline | etl | elt | data infrastructure | airflow | dbt
  > data-pipelines, etl, idempotence, backfills
spark | pyspark | hadoop | big data | large-scale data | distributed data processing
  > spark, distributed-computing, large-data, partitioning
kafka | flink | streaming | real-time data | event-driven
  > streaming, event-time, real-time-features
data warehouse | data warehousing | snowflake | bigquery | redshift | data lake | lakehouse | data modeling |
  data modelling
  > data-warehouse, data-lake, file-formats
sql
  > sql, window-functions, joins
python
  > python, coding
numpy | pandas | scientific python
  > numpy, pandas, vectorization
pytorch | tensorflow | jax | keras
  > pytorch, pytorch-training-loop, training, debugging-training
algorithms and data structures | data structures | coding skills | software engineering fundamentals | clean
  code | production code
  > coding, data-structures, complexity, code-review
a/b tests | a/b testing | ab testing | a/b test | experimentation | controlled experiments | experiment design
  | experiments
  > ab-testing, experiment-design, experiments, statistical-power
causal inference | causal | causality | uplift
  > causality, confounding, uplift, quasi-experiments
statistics | statistical | hypothesis testing | probability
  > statistics, hypothesis-testing, probability, confidence-intervals, uncertainty
linear algebra | calculus | mathematics | mathematical | optimization theory
  > linear-algebra, optimization, probability, maximum-likelihood, @research-math
model evaluation | evaluate models | evaluation | offline metrics | metrics
  > evaluation, classification-metrics, metric-choice, llm-evaluation
model monitoring | monitoring | drift | observability
  > monitoring, drift, model-monitoring, drift-monitoring
mlops | ml ops | model deployment | deploy models | deploying models | ci/cd | model serving | productionize |
  productionise | production models | production systems | models in production | models into production |
  models to production
  > deployment, mlops, model-serving, serving, model-release
low latency | latency | inference | inference optimization | real-time inference
  > latency, inference, inference-latency, serving-latency
quantization | model compression | distillation | pruning | edge | on-device
  > quantization, model-compression, pruning, on-device-ml, edge-inference
gpu | gpus | cuda | distributed training | multi-gpu
  > gpu-memory, distributed-training, mixed-precision
docker | kubernetes | containers | microservices | apis | rest api
  > containers, deployment, api-design
system design | system architecture | design systems | architect | architecture | scalable systems | scalable
  | ml platform | end-to-end systems | design of systems
  > @high-level-design, @low-level-design, system-design, ml-platform
business problems | business problem | ambiguous problems | problem framing | product sense | business impact
  | commercial
  > problem-framing, business-value, product-and-ml, product-sense, @case-study
dashboards | analytics | data analysis | exploratory analysis | insights | analyze data | analyse data
  > exploratory-analysis, @analytical, statistics-basics
stakeholders | stakeholder | non-technical | communicate | communication | communicator | presenting | explain
  > stakeholder-communication, explaining-models, stakeholder-management
cross-functional | collaborate | collaboration | team player | work closely | partner with | partnering
  > collaboration, teamwork, cross-functional-work
mentor | mentoring | coaching | coach | lead a team | leadership | technical leadership
  > mentoring, leading-without-authority, teaching
ownership | own | take ownership | end-to-end ownership | accountable
  > ownership, accountability
prioritize | prioritise | deadlines | fast-paced | multiple projects
  > prioritisation, deadlines, time-pressure
learn quickly | curious | curiosity | keep up with | latest research | state of the art | stay current
  > learning, keeping-current, recent-learning
publications | papers | published research | research experience | neurips | icml | reading papers
  > reading-papers, research-practice, paper-reading, recent-advances
responsible ai | ethics | ethical | fairness | bias in models
  > ethics, fairness, responsible-ai, model-bias
privacy | gdpr | data protection
  > privacy, data-protection, anonymisation
safety | guardrails | security | red teaming
  > llm-safety, safety, guardrails, prompt-injection
interpretability | explainable | explainability
  > interpretability, explaining-models, explainable-decisions
diffusion models | generative models | gans
  > diffusion-models, generative-models, gan
speech | audio
  > real-time-audio, noise-suppression
autonomous driving | robotics | self-driving
  > autonomous-driving, robot-learning, driving-vision
experiment tracking | mlflow | reproducibility | model registry
  > experiment-tracking, reproducibility, model-registry
labeling | labelling | annotation | annotated data
  > labels, labeling, active-learning
imbalanced
  > imbalanced-data, class-imbalance
hyperparameter tuning | model tuning
  > hyperparameter-tuning, hyperparameter-search
cost | cloud costs | budget
  > ml-cost, inference-cost, llm-cost
debugging | troubleshooting | incidents | on-call
  > root-cause, production-incident, debugging-training, model-debugging
advertising | ads | click-through
  > ad-click-prediction, calibration
pricing | marketplace | marketplaces
  > dynamic-pricing, marketplaces
"""
